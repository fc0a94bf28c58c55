"""What is attached to tables and views: triggers, row security policies, rewrite rules."""

from __future__ import annotations

from greylag.databases.postgres.catalog.texts import items, numbers
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Policy, Rule, Trigger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.databases.postgres.catalog.columns import Columns
    from greylag.model.catalog.tables import Enabled

_ENABLED: dict[str, Enabled] = {"O": "origin", "A": "always", "R": "replica", "D": "disabled"}
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
_EACH_ROW, _BEFORE, _INSTEAD = 1, 2, 64
_EVENTS = ((4, "insert"), (8, "delete"), (16, "update"), (32, "truncate"))
"""Bits of pg_trigger.tgtype, in the order in which PostgreSQL prints them."""


def triggers_by_relation(answers: Answers, columns: Mapping[str, Columns]) -> dict[str, list[Trigger]]:
    """Triggers by the oid of their relation, without the server's own."""
    comments = answers.comments("pg_trigger")
    found: dict[str, list[Trigger]] = {}
    for row in answers.rows("triggers"):
        oid, relation, name, bits, places, conditional, schema, function, enabled, cloned, definition = row
        flags = int(bits)
        made = Trigger(
            name,
            "before" if flags & _BEFORE else "instead of" if flags & _INSTEAD else "after",
            tuple(word for bit, word in _EVENTS if flags & bit),
            bool(flags & _EACH_ROW),
            columns[relation].named(numbers(places)),
            _condition(definition, each_row=bool(flags & _EACH_ROW)) if conditional == "t" else "",
            Name(schema, function),
            _ENABLED[enabled],
            cloned == "f",
            comments.get((oid, "0"), ""),
            definition,
        )
        found.setdefault(relation, []).append(made)
    return found


def _condition(definition: str, *, each_row: bool) -> str:
    """The expression of ``FOR EACH ROW WHEN (expression) EXECUTE FUNCTION …``.

    pg_get_expr cannot print it: it speaks of two rows.
    """
    before = f" FOR EACH {'ROW' if each_row else 'STATEMENT'} WHEN ("
    start = definition.index(before) + len(before)
    return definition[start : definition.rindex(") EXECUTE FUNCTION ")]


def policies_by_relation(answers: Answers) -> dict[str, list[Policy]]:
    """Row security policies by the oid of their table."""
    comments = answers.comments("pg_policy")
    found: dict[str, list[Policy]] = {}
    for oid, relation, name, command, permissive, roles, using, check in answers.rows("policies"):
        comment = comments.get((oid, "0"), "")
        roles_named = tuple(sorted(items(roles)))
        made = Policy(name, _COMMANDS[command], permissive == "t", roles_named, using, check, comment)
        found.setdefault(relation, []).append(made)
    return found


def rules_by_relation(answers: Answers) -> dict[str, list[Rule]]:
    """Rewrite rules by the oid of their relation."""
    comments = answers.comments("pg_rewrite")
    found: dict[str, list[Rule]] = {}
    for oid, relation, name, enabled, definition in answers.rows("rules"):
        made = Rule(name, definition, _ENABLED[enabled], comments.get((oid, "0"), ""))
        found.setdefault(relation, []).append(made)
    return found
