"""Operator classes: their names, and which one a type has by default."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.catalog.answers import Answers


class Opclasses:
    """All operator classes of a database, by oid."""

    def __init__(self, answers: Answers) -> None:
        self._rows = {row[0]: row for row in answers.rows("opclasses")}
        self._exact = {(row[3], row[4]): oid for oid, row in self._rows.items() if row[2] == "t"}

    def name(self, oid: str) -> str:
        """The name alone."""
        return self._rows[oid][1]

    def text(self, oid: str) -> str:
        """The name in SQL, with its schema where it needs one."""
        return self._rows[oid][5]

    def is_default(self, oid: str, type_id: str) -> bool:
        """Whether an index on a column of that type (no domain; empty: unknown) has it without asking.

        A default class of the type itself goes before those of types that it can stand for: bpchar has
        its own, and text_ops, the default of text and varchar, is none for it.
        """
        _, _, is_default, method, *_ = self._rows[oid]
        exact = self._exact.get((method, type_id))
        return oid == exact if exact else is_default == "t"
