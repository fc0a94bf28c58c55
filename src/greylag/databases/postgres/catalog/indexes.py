"""Indexes of tables and materialized views."""

from __future__ import annotations

from greylag.databases.postgres.catalog.columns import DEFAULT_COLLATION
from greylag.databases.postgres.catalog.texts import items, numbers, options
from greylag.model.catalog.tables import Index, Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.databases.postgres.catalog.columns import Columns
    from greylag.databases.postgres.catalog.inheritance import Inheritance
    from greylag.model.catalog.parts import Options

    Row: TypeAlias = list[str]

_DESCENDING, _NULLS_FIRST = 1, 2
"""The bits of pg_index.indoption."""


class Indexes:
    """Indexes by the relation they are on."""

    def __init__(
        self,
        answers: Answers,
        columns: Mapping[str, Columns],
        constraints: Mapping[str, str],
        inheritance: Inheritance,
    ) -> None:
        self.of_relations: dict[str, list[Index]] = {}
        self._columns = columns
        self._opclasses = {row[0]: row for row in answers.rows("opclasses")}
        self._collations = answers.collations
        self._settings: dict[tuple[str, str], tuple[Options, int]] = {
            (index, place): (options(settings), int(statistics or -1))
            for index, place, settings, statistics in answers.rows("index_columns")
        }
        comments = answers.comments("pg_class")
        for row in answers.rows("indexes"):
            (
                oid, relation, name, method, unique, _, _, _, _, _, _, predicate, nulls_distinct, valid,
                settings, tablespace, clustered, replica_identity, definition,
            ) = row  # fmt: skip
            keys, include = self._keys(row)
            made = Index(
                name,
                answers.one(method),
                unique == "t",
                keys,
                include,
                predicate,
                constraints.get(oid, ""),
                nulls_distinct == "t",
                valid == "t",
                options(settings) if settings else (),
                tablespace,
                clustered == "t",
                replica_identity == "t",
                inheritance.parent(oid),
                0,
                comments.get((oid, "0"), ""),
                definition,
            )
            self.of_relations.setdefault(relation, []).append(made)

    def _keys(self, row: Row) -> tuple[tuple[Key, ...], tuple[str, ...]]:
        index, relation, _, _, _, count, places, opclasses, collations, flags, expressions, *_ = row
        columns = self._columns[relation]
        attributes, key_count = numbers(places), int(count)
        remaining = iter(items(expressions))
        keys = [
            self._key(index, place, columns, attribute, remaining, opclass, collation, flag)
            for place, (attribute, opclass, collation, flag) in enumerate(
                zip(
                    attributes[:key_count],
                    opclasses.split(" "),
                    collations.split(" "),
                    numbers(flags),
                    strict=False,  # included columns have a collation too
                ),
                1,
            )
        ]
        return tuple(keys), columns.named(attributes[key_count:])

    def _key(
        self,
        index: str,
        place: int,
        columns: Columns,
        attribute: int,
        expressions: Iterator[str],
        opclass: str,
        collation: str,
        flags: int,
    ) -> Key:
        own = columns.collations.get(attribute, DEFAULT_COLLATION)
        _, opclass_name, is_default, *_ = self._opclasses[opclass]
        settings, statistics = self._settings.get((index, str(place)), ((), -1))
        return Key(
            columns.names[attribute] if attribute else "",
            "" if attribute else next(expressions),
            opclass_name,
            is_default == "t",
            settings,
            self._collations[collation] if collation not in ("0", own) else "",
            bool(flags & _DESCENDING),
            bool(flags & _NULLS_FIRST),
            statistics,
        )
