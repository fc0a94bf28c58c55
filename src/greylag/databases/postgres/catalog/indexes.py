"""Indexes of tables and materialized views."""

from __future__ import annotations

from greylag.databases.postgres.catalog.columns import DEFAULT_COLLATION
from greylag.databases.postgres.catalog.opclasses import Opclasses
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
        self._opclasses = Opclasses(answers)
        self._quoted = answers.quoted
        self._types = answers.types
        self._collations = answers.collations
        self._settings: dict[tuple[str, str], tuple[Options, int]] = {
            (index, place): (options(settings), int(statistics or -1))
            for index, place, settings, statistics in answers.rows("index_columns")
        }
        comments = answers.comments("pg_class")
        for row in answers.rows("indexes"):
            (
                oid, relation, name, method, unique, _, _, _, _, _, _, predicate, nulls_distinct, valid,
                settings, tablespace, clustered, replica_identity, _, _, _, definition,
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
                definition or self._definition(row, keys, include),
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
        settings, statistics = self._settings.get((index, str(place)), ((), -1))
        return Key(
            columns.names[attribute] if attribute else "",
            "" if attribute else next(expressions),
            self._opclasses.name(opclass),
            self._opclasses.is_default(
                opclass, self._types.base_id(*columns.types[attribute]) if attribute else ""
            ),
            settings,
            self._collations[collation] if collation not in ("0", own) else "",
            bool(flags & _DESCENDING),
            bool(flags & _NULLS_FIRST),
            statistics,
        )

    def _definition(self, row: Row, keys: tuple[Key, ...], include: tuple[str, ...]) -> str:
        """What pg_get_indexdef says of an index without expressions, predicate and options."""
        _, _, name, method, unique, _, _, opclasses, *_, kind, schema, table, _ = row
        quoted = self._quoted
        named = zip(keys, opclasses.split(" "), strict=False)
        parts = (
            f"CREATE {'UNIQUE ' if unique == 't' else ''}INDEX {quoted(name)}",
            f" ON {'ONLY ' if kind == 'I' else ''}{quoted(schema)}.{quoted(table)}",
            f" USING {quoted(method)} ({', '.join(self._key_text(key, oid) for key, oid in named)})",
            f" INCLUDE ({', '.join(map(quoted, include))})" if include else "",
            "" if row[12] == "t" else " NULLS NOT DISTINCT",
        )
        return "".join(parts)

    def _key_text(self, key: Key, opclass: str) -> str:
        text = self._quoted(key.column)
        if key.collation:
            text += f" COLLATE {key.collation}"
        if not key.default_opclass or key.opclass_options:
            text += f" {self._opclasses.text(opclass)}"
        if key.opclass_options:
            given = (f"{self._quoted(name)}={_value(value)}" for name, value in key.opclass_options)
            text += f" ({', '.join(given)})"
        if key.descending:
            return text + (" DESC" if key.nulls_first else " DESC NULLS LAST")
        return text + (" NULLS FIRST" if key.nulls_first else "")


def _value(text: str) -> str:
    return text if text.isidentifier() and text.islower() else "'" + text.replace("'", "''") + "'"
