"""Objects in no schema: each as a statement, and none with a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog.of_database import QUERIES

if TYPE_CHECKING:
    from tests.unit.databases.postgres.catalog.conftest import Place

DDL = """
CREATE TABLE t (a int, b int); CREATE SCHEMA app;
CREATE FUNCTION toint(t) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (t AS int) WITH FUNCTION toint(t) AS ASSIGNMENT;
CREATE TYPE pair AS (x int); CREATE CAST (text AS pair) WITH INOUT AS IMPLICIT;
CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER x ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION seen();
CREATE PUBLICATION few FOR TABLE t (a) WHERE (a > 3);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA app WITH (publish = 'insert', publish_via_partition_root);
CREATE PUBLICATION nothing; CREATE PUBLICATION everything FOR ALL TABLES;
CREATE SUBSCRIPTION sub CONNECTION 'host=h password=hunter2' PUBLICATION x, "Y" WITH (connect = false, slot_name = NONE);
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');
CREATE SERVER s TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h', password 'hunter2');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password 'hunter2');
CREATE USER MAPPING FOR postgres SERVER s;
CREATE LANGUAGE mine HANDLER plpgsql_call_handler;
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
"""
STATEMENTS = {
    ("access method", "heap2"): "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER pg_catalog.heap_tableam_handler",
    ("cast", "t AS integer"): "CREATE CAST (t AS integer) WITH FUNCTION toint(t) AS ASSIGNMENT",
    ("cast", "text AS pair"): "CREATE CAST (text AS pair) WITH INOUT AS IMPLICIT",
    ("database", ""): "",
    ("event trigger", "x"): (
        "CREATE EVENT TRIGGER x ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'DROP VIEW') "
        "EXECUTE FUNCTION public.seen()"
    ),
    ("foreign data wrapper", "w"): "CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true')",
    ("language", "mine"): "CREATE LANGUAGE mine HANDLER pg_catalog.plpgsql_call_handler",
    ("publication", "everything"): (
        "CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, update, delete, truncate')"
    ),
    ("publication", "few"): (
        "CREATE PUBLICATION few FOR TABLE public.t (a) WHERE ((a > 3)) "
        "WITH (publish = 'insert, update, delete, truncate')"
    ),
    ("publication", "nothing"): "CREATE PUBLICATION nothing WITH (publish = 'insert, update, delete, truncate')",
    ("publication", "schemas"): (
        "CREATE PUBLICATION schemas FOR TABLES IN SCHEMA app "
        "WITH (publish = 'insert', publish_via_partition_root = true)"
    ),
    ("server", "s"): (
        "CREATE SERVER s TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h', password '********')"
    ),
    ("subscription", "sub"): (
        "CREATE SUBSCRIPTION sub CONNECTION '********' PUBLICATION x, \"Y\" "
        "WITH (enabled = false, slot_name = NONE)"
    ),
    ("transform", "integer LANGUAGE sql"): (
        "CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))"
    ),
    ("user mapping", "postgres SERVER s"): "CREATE USER MAPPING FOR postgres SERVER s",
    ("user mapping", "public SERVER s"): (
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password '********', \"user\" 'u')"
    ),
}  # fmt: skip
"""Kind and name to the statement."""


def test_each_kind_as_a_statement(fresh: Place) -> None:
    fresh.run(DDL)
    name = fresh.url.rpartition("/")[2].partition("?")[0]
    fresh.run(f'ALTER DATABASE "{name}" SET search_path TO app, "B c"')
    try:
        catalog = fresh.look()
        found = {(each.kind, each.name): each.definition for each in catalog.others}
        assert found.pop(("database setting", "search_path")) == (
            "DO $$BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path TO app, \"B c\"', "
            "pg_catalog.current_database()); END$$"
        )
        assert found == STATEMENTS
        assert "hunter2" not in repr(catalog)
        assert {kind for kind, _ in STATEMENTS} | {"database setting", "security label"} == {
            query.name for query in QUERIES
        }
    finally:
        fresh.run("ALTER SUBSCRIPTION sub DISABLE; DROP SUBSCRIPTION sub")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("work_mem TO '4MB'", "SET work_mem TO ''4MB''"),
        ("app.jwt_secret TO 'hunter2'", "SET app.jwt_secret TO ''********''"),
        ("app.greeting TO '100 %s'", "SET app.greeting TO ''100 %%s''"),
    ],
)
def test_settings_of_the_database_can_be_made_again_elsewhere(fresh: Place, setting: str, said: str) -> None:
    name = fresh.url.rpartition("/")[2].partition("?")[0]
    first = fresh.look(f'ALTER DATABASE "{name}" SET {setting}')
    (made,) = [each for each in first.others if each.kind == "database setting"]
    assert said in made.definition
    fresh.run(f'ALTER DATABASE "{name}" RESET {made.name}')
    assert fresh.look() != first
    assert fresh.look(made.definition) == first


def test_settings_of_a_role_in_the_database(fresh: Place) -> None:
    name = fresh.url.rpartition("/")[2].partition("?")[0]
    catalog = fresh.look(f"ALTER ROLE postgres IN DATABASE \"{name}\" SET work_mem TO '8MB'")
    (made,) = [each for each in catalog.others if each.kind == "database setting"]
    assert made.name == "postgres: work_mem"
    assert "ALTER ROLE postgres IN DATABASE %I SET work_mem TO ''8MB''" in made.definition


def test_the_database_has_an_owner_a_comment_and_grants(fresh: Place) -> None:
    name = fresh.url.rpartition("/")[2].partition("?")[0]
    before = fresh.look().others
    after = fresh.look(
        f'COMMENT ON DATABASE "{name}" IS \'why\'; REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC'
    ).others
    (first,) = before
    (second,) = after
    assert (first.owner, first.comment, first.grants) == ("postgres", "", None)
    assert second.comment == "why"
    assert second.grants is not None
    assert [(grant.grantee, grant.privileges) for grant in second.grants] == [
        ("", ("TEMPORARY",)),
        ("postgres", ("CONNECT", "CREATE", "TEMPORARY")),
    ]


@pytest.mark.parametrize(
    ("ddl", "ending"),
    [
        ("DISABLE", "; ALTER EVENT TRIGGER x DISABLE"),
        ("ENABLE ALWAYS", "; ALTER EVENT TRIGGER x ENABLE ALWAYS"),
        ("ENABLE REPLICA", "; ALTER EVENT TRIGGER x ENABLE REPLICA"),
    ],
)
def test_states_of_event_triggers(fresh: Place, ddl: str, ending: str) -> None:
    fresh.run("CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'")
    fresh.run(f"CREATE EVENT TRIGGER x ON sql_drop EXECUTE FUNCTION seen(); ALTER EVENT TRIGGER x {ddl}")
    (made,) = [each for each in fresh.look().others if each.kind == "event trigger"]
    assert made.definition.endswith("EXECUTE FUNCTION public.seen()" + ending)


def test_only_where_the_whole_database_is_asked_for(place: Place) -> None:
    assert [each.kind for each in place.look().others] == ["database"]
    assert place.look(schemas=["public"]).others == ()
