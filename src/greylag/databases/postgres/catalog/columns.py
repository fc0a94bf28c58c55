"""Columns of tables, views and composite types."""

from __future__ import annotations

from greylag.databases.postgres.catalog.grants import grants_of
from greylag.databases.postgres.catalog.texts import options
from greylag.model.catalog.parts import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.model.catalog.parts import Generated, Identity, Name, Storage

    Row: TypeAlias = list[str]

_GENERATED: dict[str, Generated] = {"": "", "s": "stored", "v": "virtual"}
_IDENTITY: dict[str, Identity] = {"": "", "a": "always", "d": "by default"}
_STORAGE: dict[str, Storage] = {"": "", "p": "plain", "e": "external", "x": "extended", "m": "main"}
_COMPRESSION = {"": "", "p": "pglz", "l": "lz4"}

DEFAULT_COLLATION = "100"
"""The oid of the collation ``default``, the same in every database."""


class Columns:
    """The columns of one relation, with what the relation's other parts need to know of them."""

    def __init__(self) -> None:
        self.columns: list[Column] = []
        self.names: dict[int, str] = {}
        """Names by attribute number."""
        self.types: dict[int, tuple[str, str]] = {}
        """Their types by attribute number: oid and modifier."""
        self.collations: dict[int, str] = {}
        """Collations (their oids) by attribute number, without the database's default and none."""

    def named(self, numbers: list[int]) -> tuple[str, ...]:
        """The names behind attribute numbers; 0 stands for an expression, which has none."""
        return tuple(self.names[number] for number in numbers if number)


def columns_by_relation(answers: Answers, sequences: Mapping[tuple[str, str], Name]) -> dict[str, Columns]:
    """The columns of every relation, by its oid; ``sequences`` are those that a column owns."""
    comments = answers.comments("pg_class")
    collations, types = answers.collations, answers.types
    found: dict[str, Columns] = {}
    for row in sorted(answers.rows("columns"), key=_place):
        (
            relation, number, name, type_id, modifier, required, default, generated, identity, collation,
            own_collation, storage, compression, statistics, settings, foreign, own, acl,
        ) = row  # fmt: skip
        group = found.get(relation)
        if group is None:
            group = found[relation] = Columns()
        place = int(number)
        group.types[place] = type_id, modifier
        name = group.names[place] = answers.one(name)
        if collation:
            group.collations[place] = collation
        group.columns.append(
            Column(
                name,
                types[type_id, modifier],
                required == "f",
                answers.one(default) if default else None,
                _GENERATED[generated],
                _IDENTITY[identity],
                sequences.get((relation, number)),
                collations[collation or DEFAULT_COLLATION] if own_collation == "t" else "",
                comments.get((relation, number), ""),
                grants_of(acl, "{}") if acl else None,
                own == "t",
                _STORAGE[storage],
                _COMPRESSION[compression],
                int(statistics or -1),
                options(settings, foreign) if settings or foreign else (),
            )
        )
    return found


def _place(row: Row) -> tuple[int, int]:
    return int(row[0]), int(row[1])
