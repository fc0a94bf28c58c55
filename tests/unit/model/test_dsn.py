"""Connection text: what is read from it, and that it never shows its password."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.model.dsn import Dsn, engine_of

FORMS = [
    ("postgres://u:pw@h:5432/db?sslmode=disable", "postgres", "postgres://u:xxxxx@h:5432/db"),
    ("postgresql://u@h/db", "postgres", "postgres://u@h/db"),
    ("postgres://u:p%40w@[::1]:1/d%5Fx", "postgres", "postgres://u:xxxxx@[::1]:1/d_x"),
    ("postgres://a:1,b:2/db", "postgres", "postgres://a:1,b:2/db"),
    ("postgres:///db?host=/run/pg&password=pw&user=q", "postgres", "postgres://q:xxxxx@/db?host=/run/pg"),
    ("postgres://h/a?dbname=b&pass%77ord=pw", "postgres", "postgres://:xxxxx@h/b"),
    ("postgres://u:p@h/d?application_name=a@b", "postgres", "postgres://xxxxx"),
    ("postgres://u%3Apw@h/d", "postgres", "postgres://u:xxxxx@h/d"),
    ("host=h password='a b\\'c' dbname=x user=me port=7", "postgres", "postgres://me:xxxxx@h:7/x"),
    ("host = h password = pw dbname = d", "postgres", "postgres://:xxxxx@h/d"),
    ("host=a,b port=1,2 dbname=d", "postgres", "postgres://a:1,b:2/d"),
    ("host=a hostaddr=10.0.0.1 dbname=d", "postgres", "postgres://10.0.0.1/d"),
    ("dbname='postgres://u:pw@h/d'", "postgres", "postgres:///xxxxx"),
    ("dbname=a\x1b[2Jb", "postgres", "postgres:///a?[2Jb"),
    ("clickhouse://default:pw@h:9000/db", "clickhouse", "clickhouse://default:xxxxx@h:9000/db"),
    ("tcp://h:9000?username=u&password=pw&database=d", "clickhouse", "clickhouse://u:xxxxx@h:9000/d"),
    ("chdb:///a/b%20c?database=d&x=1", "clickhouse", "chdb:///a/b c?database=d"),
    ("chdb:x", "clickhouse", "chdb://x"),
    ("sqlite:///a/b.db?_pragma_key=pw", "sqlite", "/a/b.db"),
    ("sqlite:x.db", "sqlite", "x.db"),
    ("file:x.db?mode=ro", "sqlite", "x.db"),
    ("./x.any", "sqlite", "./x.any"),
    ("x.sqlite3", "sqlite", "x.sqlite3"),
    (":memory:", "sqlite", ":memory:"),
]

UNREADABLE = [
    "postgres://u:p@ss/word@host/db",
    "postgres://u:p?w@h/db",
    "postgres://u:p#w@h/db",
    "postgres://u:p/w@h/db",
    "postgres://u:123?w@h/db",
    "postgres://u:pw@h:port/db",
    "postgresql:u:pw@h",
    "host=h password=my secret",
    "host=h password='open",
]


@pytest.mark.parametrize(("text", "engine", "shown"), FORMS)
def test_every_form_is_read_and_shown_without_its_password(text: str, engine: str, shown: str) -> None:
    dsn = Dsn(text)
    assert (dsn.engine, dsn.readable, dsn.masked()) == (engine, True, shown)
    assert (str(dsn), repr(dsn), f"{dsn}") == (shown, f"Dsn({shown!r})", shown)


@pytest.mark.parametrize("text", UNREADABLE)
def test_text_that_cannot_be_taken_apart_shows_nothing(text: str) -> None:
    dsn = Dsn(text)
    assert not dsn.readable
    assert dsn.masked() == "postgres://xxxxx"
    assert (dsn.addresses, dsn.host, dsn.port, dsn.user, dsn.database) == ((), "", 0, "", "")
    assert dsn.with_database("x") is dsn


@pytest.mark.parametrize("text", ["", "mydb", "mysql://u:pw@h/d", "u:pw"])
def test_text_of_no_known_form_has_no_engine(text: str) -> None:
    assert engine_of(text) == ""
    assert Dsn(text).masked() == "xxxxx"


def test_an_engine_given_beside_the_text_wins() -> None:
    assert Dsn("some.file", "sqlite").database == "some.file"
    assert Dsn("postgres://u:pw@h/d", "sqlite").masked() == "xxxxx"


def test_parts() -> None:
    dsn = Dsn("postgres://me:pw@h1:1,h2/d")
    assert dsn.addresses == (("h1", 1), ("h2", 0))
    assert (dsn.host, dsn.port, dsn.user, dsn.database) == ("h1", 1, "me", "d")
    assert Dsn("postgres://h:99999999/d").port == 0
    assert Dsn("host=a,b port=1 dbname=d").addresses == (("a", 1), ("b", 1))
    assert Dsn("postgres://h/d?port=7").addresses == (("h", 7),)


@pytest.mark.parametrize(
    ("text", "revealed"),
    [
        (" postgres://u:pw@h/d\n", "postgres://u:pw@h/d"),
        ("sqlite:a/b.db", "a/b.db"),
        ("sqlite:///a/b.db", "/a/b.db"),
        ("sqlite://b.db?mode=ro", "b.db?mode=ro"),
        ("sqlite3:b.db", "b.db"),
        ("sqlite:", ":memory:"),
        ("file:b.db?mode=ro", "file:b.db?mode=ro"),
    ],
)
def test_reveal_gives_the_driver_its_text(text: str, revealed: str) -> None:
    assert Dsn(text).reveal() == revealed


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("postgres://u:pw@h:1/old?sslmode=disable&dbname=z", "postgres://u:pw@h:1/a%20b%2Fc?sslmode=disable"),
        ("postgres://h", "postgres://h/a%20b%2Fc"),
        ("host=h dbname=old", "host=h dbname=old dbname='a b/c'"),
        ("x.db", "x.db"),
    ],
)
def test_another_database_on_the_same_server(text: str, replaced: str) -> None:
    dsn = Dsn(text).with_database("a b/c")
    assert dsn.reveal() == replaced
    assert dsn.database == ("x.db" if dsn.engine == "sqlite" else "a b/c")


def test_two_of_the_same_text_are_equal() -> None:
    assert Dsn("postgres://h/d") == Dsn("postgres://h/d ")
    assert len({Dsn("postgres://h/d"), Dsn("postgres://h/d"), Dsn("postgres://h/e")}) == 2
    assert Dsn("postgres://h/d") != "postgres://h/d"


# A password that shares no character with anything else in the text, so that "shown" is never chance.
PASSWORD = st.text("QXZ123@:/?#%=&' \\\"[],+;€", min_size=4).filter(lambda text: set("QXZ123") & set(text))
TEMPLATES = [
    "postgres://user:{0}@host/db?sslmode=disable",
    "postgres://user:{0}@host/db?application_name=x@y",
    "postgres://host/db?user=u&password={0}",
    "postgres://host/db?password={0}&sslpassword={0}",
    "user=u password={0} host=h dbname=db",
    "user=u password='{0}' host=h dbname=db",
    "host=h password = {0}",
    "clickhouse://user:{0}@host/db?secure=true",
    "https://host/?user=u&password={0}",
    "sqlite:path.db?key={0}",
    "mysql://user:{0}@host/db",
]


def _letters(text: str) -> set[str]:
    return set("QXZ123€") & set(text)


@given(template=st.sampled_from(TEMPLATES), password=PASSWORD, escaped=st.booleans())
def test_no_character_of_a_password_is_ever_shown(template: str, password: str, escaped: bool) -> None:
    text = template.format(quote(password, safe="") if escaped else password)
    dsn = Dsn(text)
    for shown in (dsn.masked(), repr(dsn), str(dsn), f"{dsn!s:>99}"):
        assert not _letters(shown), shown


@given(st.text(max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    dsn = Dsn(text)
    assert dsn.masked().isprintable()
    assert dsn.engine in {"", "postgres", "sqlite", "clickhouse"}


NAME = st.text(string.ascii_letters + string.digits + " -_.'\\\"/?#@:%é", min_size=1, max_size=20)


@given(
    name=NAME, text=st.sampled_from(["postgres://u:p@h:1/x?sslmode=disable", "host=h password=p dbname=x"])
)
def test_a_name_that_is_put_in_is_the_name_that_is_read(name: str, text: str) -> None:
    dsn = Dsn(text).with_database(name)
    assert dsn.database == name
    assert (dsn.host, dsn.readable) == ("h", True)


def test_an_embedded_clickhouse() -> None:
    dsn = Dsn.embedded("/a b/ü?", "x/y")
    assert (dsn.engine, dsn.folder, dsn.database, dsn.addresses) == ("clickhouse", "/a b/ü?", "x/y", ())
    moved = dsn.with_database("other")
    assert (moved.folder, moved.database) == (dsn.folder, "other")
    assert Dsn("clickhouse://h/d").folder == ""
