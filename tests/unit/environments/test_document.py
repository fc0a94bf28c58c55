"""Mistakes in the config file: each placed at its key, with the way out."""

from __future__ import annotations

import pytest

from greylag.environments.document import Document, raise_first, toml
from greylag.errors import WorkspaceError
from greylag.model.duration import Duration
from greylag.model.location import Location


def mistakes(text: str) -> list[tuple[str, str, str | None]]:
    with pytest.raises(WorkspaceError) as caught:
        Document(text, "greylag.toml")
    return [(str(each.where), each.message, each.hint) for each in (caught.value, *caught.value.others)]


ONE_MISTAKE = [
    ('[apply]\nlock_timout = "2s"', "2:1", "unknown key 'lock_timout' in [apply]", "did you mean 'lock_timeout'?"),
    ("[wrkspace]", "1:2", "unknown key 'wrkspace' at the top of the file", "did you mean 'workspace'?"),
    ('# first\n  lock_budget = "1h"', "2:3", "unknown key 'lock_budget' at the top of the file",
     "'lock_budget' belongs in [apply]"),
    ("[argocd]\nzzz = 1", "2:1", "unknown key 'zzz' in [argocd]", "known here: address, application"),
    ('services.a.databases.b = { engin = "postgres" }', "1:28", "unknown key 'engin' in [services.a.databases.b]",
     "did you mean 'engine'?"),
    ('[services.a.databases.b]\nurl = "postgres://u:hidden@h/d"', "2:1",
     "unknown key 'url' in [services.a.databases.b]",
     "connection strings do not stand in this file: give them in the variables that [secrets] reads"),
    ("[apply]\nlock_timeout = 2", "2:1", "'lock_timeout' in [apply] wants a length of time; found the number 2",
     'for example: lock_timeout = "2s"'),
    ('[environments.prod]\nprotected = "yes"', "2:1",
     "'protected' in [environments.prod] wants true or false; found the text \"yes\"",
     "for example: protected = true"),
    ("apply = 1", "1:1", "'apply' at the top of the file wants a table; found the number 1",
     "for example: apply = { lock_timeout = … }"),
    ("[environments]\ndev = true", "2:1", "'dev' in [environments] wants a table; found true",
     "for example: dev = { namespace = … }"),
    ("services = []", "1:1", "'services' at the top of the file wants a table; found a list",
     "for example: [services]"),
    ('[services."a/b"]', "1:11", "'a/b' in [services] cannot be a name",
     "a name begins with a letter or digit and goes on with these, '.', '_' and '-'"),
    ('[secrets]\norder = [\n  "env",\n  "valut",\n]', "4:3",
     '\'order\' in [secrets] wants a list of "env", "vault", "kubernetes"; found the text "valut"',
     "did you mean 'vault'?"),
    ('[environments.dev]\ndatabase = { postgres = "{db}_dev" }', "2:14",
     ("'postgres' in [environments.dev.database] wants a text in which {workspace}, {service}, {database}, "
      "{environment} may stand; found the unknown placeholder {db}"),
     "there is workspace, service, database, environment"),
    ("[services.a.databases.b.retention]\nmin = 5", "2:1",
     "'min' in [services.a.databases.b.retention] wants a length of time; found the number 5",
     'for example: min = "90 days"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "hint"), ONE_MISTAKE)
def test_one_mistake(text: str, place: str, message: str, hint: str) -> None:
    assert mistakes(text) == [(f"greylag.toml:{place}", message, hint)]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ('[apply]\na = 1\na = 2', "3:6", "cannot overwrite a value",
         "this key was written before: keep one of the two"),
        ("[apply]\n[apply]", "2:7", "cannot declare ('apply',) twice",
         "this table was written before: put the keys of both into one"),
        ("[workspace]\nname = my-girok", "2:8", "invalid value", 'texts stand in quotes: name = "value"'),
        ("name: x", "1:5", "expected '=' after a key in a key/value pair", None),
        ("[workspace\n", "1:11", "expected ']' at the end of a table declaration", None),
        ("\n!", "2:1", "invalid statement", "a line is a [table], a key = value or a # comment"),
        ('[workspace]\nname = """x\n', "2:12", "unterminated string", None),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_placed_too(text: str, place: str, message: str, hint: str | None) -> None:
    ((where, said, way_out),) = mistakes(text)
    # columns are tomllib's own and differ between releases of Python
    assert where.rpartition(":")[0] == f"greylag.toml:{place.rpartition(':')[0]}"
    assert int(where.rpartition(":")[2]) > 0
    assert (said, way_out) == (f"this is no TOML: {message}", hint)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    text = (
        '[apply]\nout_of_order = "x"\n[secrets]\ndsn = 1\n[workspace]\nname = 1\n[gitops]\ncluster = "ok"\n'
    )
    assert [where for where, _, _ in mistakes(text)] == [
        "greylag.toml:2:1",
        "greylag.toml:4:1",
        "greylag.toml:6:1",
    ]


def test_no_mistake_quotes_a_connection_string() -> None:
    text = '[workspace]\nregistry = ["postgres://u:hidden@h/d"]\n[apply]\nout_of_order = "postgres://u:hidden@h/d"'
    found = mistakes(text)
    assert len(found) == 2
    assert "hidden" not in str(found)


def test_values_defaults_and_names() -> None:
    document = Document('[environments.dev]\nbackup.keep = "7 days"\n[environments.prod]\n[services]', "x")
    assert document.get("environments", "dev", "backup", "keep") == Duration(604800, "7 days")
    assert document.get("environments", "dev", "backup", "every") is None
    assert document.get("environments", "prod", "protected") is False
    assert document.get("apply", "lock_timeout") == Duration(2, "2s")
    assert document.names("environments") == ["dev", "prod"]
    assert document.names("services") == document.names("services", "a", "databases") == []
    assert document.names("environments", "dev", "backup", "keep", "x") == []
    assert document.has("environments", "prod")
    assert not document.has("environments", "prod", "backup")


def test_a_value_may_also_be_a_table() -> None:
    form = "[services.a.databases.b]\nretention = "
    path = ("services", "a", "databases", "b", "retention")
    assert Document(form + '"5 years"', "x").get(*path) == Duration(157680000, "5 years")
    split = Document(form + '{ min = "90 days" }', "x")
    assert (split.get(*path), split.get(*path, "min")) == (None, Duration(7776000, "90 days"))


def test_a_mistake_points_at_the_nearest_table_there_is() -> None:
    document = Document("\n[environments.dev]\n", "g.toml")
    assert document.mistake(("environments", "dev", "database", "postgres"), "m").where == Location(
        "g.toml", 2, 15
    )
    assert document.mistake(("services", "x"), "m").where == Location("g.toml")


def test_nothing_is_raised_without_mistakes() -> None:
    raise_first([])
    one, two = WorkspaceError("1", where=Location("g", 2, 1)), WorkspaceError("2", where=Location("g", 1, 9))
    with pytest.raises(WorkspaceError) as caught:
        raise_first([one, two])
    assert (caught.value, caught.value.others) == (two, (one,))


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), ('a"b\\', '"a\\"b\\\\"'), (["x", "y"], '["x", "y"]'), (("x",), '["x"]')],
)
def test_values_as_they_are_written(value: object, text: str) -> None:
    assert toml(value) == text
