"""What to say when an extension is missing."""

from __future__ import annotations

import pytest

from greylag.databases.postgres.embedded.extensions import CONTRIB, extension_hint

MISSING = 'extension "{}" is not available'
OLDER = 'could not open extension control file "/usr/share/postgresql/14/extension/{}.control": No such file or directory'


@pytest.mark.parametrize(
    "name", ["citext", "pgcrypto", "uuid-ossp", "pg_trgm", "hstore", "btree_gist", "unaccent"]
)
def test_contrib_is_a_command_away(name: str) -> None:
    for sqlstate, message in (("0A000", MISSING), ("58P01", OLDER)):
        hint = extension_hint(sqlstate, message.format(name))
        assert hint is not None
        assert hint.startswith(
            f"{name} is in the full build: greylag server install, then greylag server stop"
        )


def test_extensions_of_other_origin() -> None:
    vector, postgis = (extension_hint("0A000", MISSING.format(name)) for name in ("vector", "postgis"))
    assert vector is not None and "greylag[embedded]" in vector
    assert postgis is not None and postgis.startswith("no server build that greylag knows has postgis")
    assert "[local] bin" in postgis and "--dsn" in postgis


@pytest.mark.parametrize(
    ("sqlstate", "message"),
    [
        ("42704", MISSING.format("citext")),
        ("0A000", "cannot alter type of a column used by a view"),
        ("58P01", 'could not load library "/lib/plperl.so": libperl.so.5.26: cannot open shared object file'),
        ("", ""),
    ],
)
def test_other_errors_are_none_of_its_business(sqlstate: str, message: str) -> None:
    assert extension_hint(sqlstate, message) is None


def test_languages_are_not_promised() -> None:
    assert len(CONTRIB) == 46
    assert not any(name.startswith("pl") for name in CONTRIB)
