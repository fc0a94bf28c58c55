"""Triggers, policies and rules, with the states that are easily lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Policy, Rule, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.postgres.catalog.conftest import Place

TABLE = """CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"""
F = Name("public", "f")


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("BEFORE INSERT ON t FOR EACH ROW", Trigger("x", "before", ("insert",), function=F)),
        (
            "AFTER DELETE OR UPDATE OF b, a OR INSERT ON t",
            Trigger("x", "after", ("insert", "delete", "update"), False, ("b", "a"), function=F),
        ),
        ("AFTER TRUNCATE ON t", Trigger("x", "after", ("truncate",), False, function=F)),
        (
            "BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a)",
            Trigger("x", "before", ("update",), condition="(old.a IS DISTINCT FROM new.a)", function=F),
        ),
        (
            "BEFORE INSERT ON t FOR EACH STATEMENT WHEN (current_user <> ' FOR EACH ROW WHEN (')",
            Trigger(
                "x",
                "before",
                ("insert",),
                False,
                condition="(CURRENT_USER <> ' FOR EACH ROW WHEN ('::name)",
                function=F,
            ),
        ),
        ("INSTEAD OF UPDATE ON v FOR EACH ROW", Trigger("x", "instead of", ("update",), function=F)),
    ],
)
def test_triggers(place: Place, words: str, made: Trigger) -> None:
    catalog = place.look(f"{TABLE}; CREATE TRIGGER x {words} EXECUTE FUNCTION f()")
    owner = catalog.views[0] if " ON v " in words else catalog.tables[0]
    (found,) = owner.triggers
    assert found == made._replace(definition=found.definition)
    assert found.definition.startswith("CREATE TRIGGER x ")


X = "CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()"
P = "CREATE POLICY p ON t USING (a > 1)"
R = "CREATE RULE r AS ON INSERT TO t DO NOTHING"


@pytest.mark.parametrize(
    ("before", "ddl", "differences"),
    [
        (X, "ALTER TABLE t ENABLE ALWAYS TRIGGER x", {"triggers.x.enabled": ("origin", "always")}),
        (X, "ALTER TABLE t ENABLE REPLICA TRIGGER x", {"triggers.x.enabled": ("origin", "replica")}),
        (X, "ALTER TABLE t DISABLE TRIGGER x", {"triggers.x.enabled": ("origin", "disabled")}),
        (X, "COMMENT ON TRIGGER x ON t IS 'why'", {"triggers.x.comment": ("", "why")}),
        (P, "ALTER POLICY p ON t USING (a > 2)", {"policies.p.using": ("(a > 1)", "(a > 2)")}),
        (P, "ALTER POLICY p ON t WITH CHECK (b > 2)", {"policies.p.check": ("", "(b > 2)")}),
        (
            P,
            "ALTER POLICY p ON t TO pg_monitor, pg_database_owner",
            {"policies.p.roles": ((), ("pg_database_owner", "pg_monitor"))},
        ),
        (P, "COMMENT ON POLICY p ON t IS 'why'", {"policies.p.comment": ("", "why")}),
        (
            P,
            "CREATE POLICY q ON t AS RESTRICTIVE FOR UPDATE",
            {"policies.q": (None, Policy("q", "update", False))},
        ),
        (
            R,
            "ALTER TABLE t DISABLE RULE r",
            {"rules.r.enabled": ("origin", "disabled")},
        ),
        (R, "COMMENT ON RULE r ON t IS 'why'", {"rules.r.comment": ("", "why")}),
        (
            R,
            "DROP RULE r ON t",
            {"rules.r": (Rule("r", "CREATE RULE r AS\n    ON INSERT TO public.t DO NOTHING;"), None)},
        ),
    ],
)
def test_each_fact_is_seen_alone(
    change: Callable[[str, str], dict[str, Any]], before: str, ddl: str, differences: dict[str, Any]
) -> None:
    assert change(f"{TABLE}; {before}", ddl) == {
        f"tables.t.{path}": values for path, values in differences.items()
    }


def test_a_partitions_copy_of_a_trigger_is_not_its_own(place: Place) -> None:
    place.run(TABLE)
    place.run("CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT")
    place.run("CREATE TRIGGER x AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f()")
    assert [each.triggers[0].own for each in place.look().tables[:2]] == [True, False]


def test_the_servers_own_triggers_and_a_views_own_rule_are_not_listed(place: Place) -> None:
    place.run(f"{TABLE}; ALTER TABLE t ADD PRIMARY KEY (a), ADD FOREIGN KEY (b) REFERENCES t")
    catalog = place.look()
    assert (catalog.tables[0].triggers, catalog.views[0].rules) == ((), ())
