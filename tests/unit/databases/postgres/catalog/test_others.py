"""Default privileges, as the statements that arrange them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.model.catalog.objects import Other
from greylag.model.catalog.parts import Grant

if TYPE_CHECKING:
    from tests.unit.databases.postgres.catalog.conftest import Place

BEFORE = 'ALTER DEFAULT PRIVILEGES FOR ROLE "postgres"'


@pytest.mark.parametrize(
    ("ddl", "made"),
    [
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO pg_monitor",
            Other(
                "default privileges",
                "app",
                "postgres tables",
                f'{BEFORE} IN SCHEMA "app" GRANT INSERT, SELECT ON TABLES TO "pg_monitor"',
                "postgres",
                grants=(Grant("pg_monitor", ("INSERT", "SELECT")),),
            ),
        ),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO PUBLIC",
            Other(
                "default privileges",
                "app",
                "postgres sequences",
                f'{BEFORE} IN SCHEMA "app" GRANT USAGE ON SEQUENCES TO PUBLIC',
                "postgres",
                grants=(Grant("", ("USAGE",)),),
            ),
        ),
        (
            "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            Other(
                "default privileges",
                "",
                "postgres functions",
                f"{BEFORE} REVOKE ALL ON FUNCTIONS FROM PUBLIC",
                "postgres",
                grants=(Grant("postgres", ("EXECUTE",)),),
            ),
        ),
        (
            "ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO pg_monitor WITH GRANT OPTION",
            Other(
                "default privileges",
                "",
                "postgres types",
                f'{BEFORE} GRANT USAGE ON TYPES TO "pg_monitor" WITH GRANT OPTION',
                "postgres",
                grants=(
                    Grant("", ("USAGE",)),
                    Grant("pg_monitor", ("USAGE",), ("USAGE",)),
                    Grant("postgres", ("USAGE",)),
                ),
            ),
        ),
    ],
)
def test_default_privileges_can_be_arranged_again(fresh: Place, ddl: str, made: Other) -> None:
    first = fresh.look(f"CREATE SCHEMA app; {ddl}")
    assert [each for each in first.others if each.kind == "default privileges"] == [made]
    fresh.run("DELETE FROM pg_default_acl")
    assert fresh.look() != first
    assert fresh.look(made.definition) == first


def test_those_of_other_schemas_are_not_asked_for(place: Place) -> None:
    place.run(
        "CREATE SCHEMA app; ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor"
    )
    assert place.look(schemas=["public"]).others == ()
    assert [each.name for each in place.look(schemas=["app"]).others] == ["postgres tables"]
