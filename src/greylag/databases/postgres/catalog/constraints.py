"""Constraints of tables and domains."""

from __future__ import annotations

from greylag.databases.postgres.catalog.texts import items, numbers
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.databases.postgres.catalog.columns import Columns
    from greylag.model.catalog.tables import Action, ConstraintKind, Match

    Row: TypeAlias = list[str]

_KINDS: dict[str, ConstraintKind] = {
    "p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclude", "n": "not null",
}  # fmt: skip
_ACTIONS: dict[str, Action] = {
    "a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default",
}  # fmt: skip
_MATCHES: dict[str, Match] = {"s": "simple", "f": "full", "p": "partial"}
_ENDINGS = (" NOT ENFORCED", " NOT VALID", " NO INHERIT")
"""What pg_get_constraintdef writes behind a check's expression, the last first."""


class Constraints:
    """Constraints by what they belong to."""

    def __init__(self, answers: Answers, columns: Mapping[str, Columns]) -> None:
        self.of_tables: dict[str, list[Constraint]] = {}
        self.of_domains: dict[str, list[Constraint]] = {}
        self.by_index: dict[str, str] = {}
        """Names of constraints by the oid of the index behind them."""
        comments = answers.comments("pg_constraint")
        for row in answers.rows("constraints"):
            oid, table, domain, name, letter, *_ = row
            if letter in "pux":
                self.by_index[row[14]] = name
            made = _constraint(row, columns, comments.get((oid, "0"), ""))
            group, owner = (self.of_tables, table) if table != "0" else (self.of_domains, domain)
            group.setdefault(owner, []).append(made)


def _constraint(row: Row, columns: Mapping[str, Columns], comment: str) -> Constraint:
    (
        _, table, _, name, letter, key, schema, target, target_id, target_key, on_update, on_delete, match,
        set_columns, _, index, deferrable, deferred, validated, no_inherit, own, enforced, definition,
        outside,
    ) = row  # fmt: skip
    places = numbers(key)
    own_columns = columns[table].named(places if letter != "c" else sorted(places)) if places else ()
    references: Reference | None = None
    if letter == "f":
        references = Reference(
            Name(schema, target),
            tuple(items(outside)) if outside else columns[target_id].named(numbers(target_key)),
            _ACTIONS[on_update],
            _ACTIONS[on_delete],
            _MATCHES[match],
            columns[table].named(numbers(set_columns)) if set_columns else (),
        )
    return Constraint(
        name,
        _KINDS[letter],
        own_columns,
        _expression(definition) if letter == "c" else "",
        references,
        index,
        deferrable == "t",
        deferred == "t",
        validated == "t",
        no_inherit == "t" and letter in "cn",  # of the others it is said and means nothing
        own == "t",
        comment,
        definition,
        enforced == "t",
    )


def _expression(definition: str) -> str:
    """The expression in ``CHECK (expression) NO INHERIT NOT VALID``, as pg_get_expr gives it."""
    for ending in _ENDINGS:
        definition = definition.removesuffix(ending)
    return definition.removeprefix("CHECK (").removesuffix(")")
