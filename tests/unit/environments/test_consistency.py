"""Keys that contradict each other."""

from __future__ import annotations

import pytest

from greylag.environments.workspace import parse
from greylag.errors import WorkspaceError

CASES = {
    "local has no table": (
        "[environments.local]",
        "1:15 'local' is the embedded server and has no table in [environments]",
        "give this environment another name",
    ),
    "the owner is no service": (
        '[services.a.databases.x]\nowner = "legal"\n[services.legal-service.databases.x]',
        "2:1 there is no service 'legal' to own 'x'",
        "did you mean 'legal-service'?",
    ),
    "the owner has no such database": (
        '[services.a.databases.legl]\nowner = "b"\n[services.b.databases.legal]',
        "2:1 b has no database 'legl', which a uses",
        "did you mean 'legal'?",
    ),
    "the owner does not own it": (
        '[services]\na.databases.x.owner = "b"\nb.databases.x.owner = "c"\nc.databases.x = {}',
        "2:15 b does not own 'x' either: it names c",
        "name the service that migrates it",
    ),
    "a user of a database says what its owner should": (
        '[services.a.databases]\nx = { owner = "b", migrations = "m" }\n[services.b.databases.x]',
        "2:20 'migrations' of 'x' is for its owner b to say, not for a",
        "move it to [services.b.databases.x]",
    ),
    "kept at least longer than at most": (
        '[services.a.databases.x]\nretention = { min = "1 year", max = "90 days" }',
        "2:15 rows of 'x' are kept at least 1 year and at most 90 days",
        "swap the two",
    ),
    "two databases and one folder": (
        "[services.a.databases.x]\n[services.a.databases.y]",
        "2:23 a has several databases: which migrations are for 'y' is not said",
        'for example: y = { migrations = "migrations/y" }',
    ),
    "one name on the embedded server": (
        "[services.a.databases.x]\n[services.b.databases.x]",
        "2:23 a and b both migrate 'x': locally they would be one",
        'if they are one database, say owner = "a" here; if not, rename one',
    ),
    "one name in an environment": (
        (
            '[environments.dev.database]\npostgres = "{service}_dev"\n'
            '[services.a.databases]\nx.migrations = "x"\ny.migrations = "y"'
        ),
        "2:1 'x' and 'y' of a are both called 'a_dev' in dev",
        "put {database} into the pattern",
    ),
    "one variable for two targets": (
        (
            "[environments.dev]\n[services.auth-service.databases.x]\n"
            "[services.auth.databases.service]\n[services.auth.databases.y]\nmigrations = 'y'"
        ),
        "3:26 auth-service/x and auth/service would both read AUTH_SERVICE_DEV_URL in dev",
        "rename one of them",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_contradictions(name: str) -> None:
    text, placed, hint = CASES[name]
    with pytest.raises(WorkspaceError) as caught:
        parse(text, "/w/greylag.toml", "greylag.toml")
    error = caught.value
    assert (f"{error.where} {error.message}", error.hint) == (f"greylag.toml:{placed}", hint)
    assert error.others == ()


@pytest.mark.parametrize(
    "text",
    [
        '[services.a.databases.x]\nowner = "a"',
        '[services.a.databases]\nx.migrations = "m"\ny.migrations = "m"',
        '[services]\na.databases.x = {}\nb.databases.x.engine = "sqlite"',
        '[services.a.databases.x]\nretention = { min = "1 day", max = "1 day" }',
        "[environments.dev]\n[environments.stg]\n[services.a.databases.x]",
        '[services.a.databases.x]\n[services.b.databases.x]\nowner = "a"\nvault.field = "f"',
    ],
)
def test_what_is_no_contradiction(text: str) -> None:
    assert parse(text, "/w/greylag.toml", "greylag.toml").services


def test_all_of_them_come_at_once() -> None:
    text = "[services.a.databases.x]\n[services.b.databases.x]\n[environments.local]"
    with pytest.raises(WorkspaceError) as caught:
        parse(text, "/w/greylag.toml", "greylag.toml")
    assert [str(each.where) for each in (caught.value, *caught.value.others)] == [
        "greylag.toml:2:23",
        "greylag.toml:3:15",
    ]
