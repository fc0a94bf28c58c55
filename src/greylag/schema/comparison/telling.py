"""Values of a catalog as a person reads them."""

from __future__ import annotations

from greylag.model.catalog.parts import Grant, Name, Type
from greylag.model.catalog.tables import Key, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from greylag.model.catalog.objects import Sequence
    from greylag.model.catalog.parts import Column


def told(value: Any) -> str:
    """Any value of a field as text; empty for what is not there."""
    teller = _TELLERS.get(type(value))
    return str(value) if teller is None else teller(value)


def told_column(column: Column) -> str:
    """A column as CREATE TABLE would say it."""
    words = [column.type.text]
    if column.collation:
        words.append(f"COLLATE {column.collation}")
    if not column.nullable:
        words.append("NOT NULL")
    if column.identity:
        words.append(f"GENERATED {column.identity.upper()} AS IDENTITY")
    elif column.generated in ("stored", "virtual"):
        words.append(f"GENERATED ALWAYS AS ({column.default}) {column.generated.upper()}")
    elif column.default is not None:
        words.append(f"{(column.generated or 'default').upper()} {column.default}")
    return " ".join(words)


def told_options(sequence: Sequence) -> str:
    """The options of a sequence as its CREATE statement would say them."""
    return (
        f"{sequence.type} START {sequence.start} INCREMENT {sequence.increment} MINVALUE {sequence.minimum} "
        f"MAXVALUE {sequence.maximum} CACHE {sequence.cache}{' CYCLE' if sequence.cycle else ''}"
    )


def dotted(name: Name) -> str:
    """``schema.name``."""
    return f"{name.schema}.{name.name}" if name.schema else name.name


def _tuple(values: tuple[Any, ...]) -> str:
    if values and all(isinstance(each, tuple) and len(each) == 2 for each in values):
        return ", ".join(
            dotted(each) if isinstance(each, Name) else f"{told(each[0])}={told(each[1])}" for each in values
        )
    return ", ".join(map(told, values))


def _grant(grant: Grant) -> str:
    words = ", ".join(
        f"{word} WITH GRANT OPTION" if word in grant.grantable else word for word in grant.privileges
    )
    return f"{grant.grantee or 'PUBLIC'}: {words}"


def _key(key: Key) -> str:
    words = [key.column or f"({key.expression})"]
    if key.collation:
        words.append(f"COLLATE {key.collation}")
    if key.opclass and not key.default_opclass:
        words.append(key.opclass)
    words += ["DESC"] * key.descending
    if key.nulls_first is not key.descending:
        words.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(words)


def _reference(reference: Reference) -> str:
    return (
        f"{dotted(reference.table)} ({', '.join(reference.columns)}) on update {reference.on_update}, "
        f"on delete {reference.on_delete}, match {reference.match} {_tuple(reference.set_columns)}"
    ).rstrip()


_TELLERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    tuple: _tuple,
    Name: dotted,
    Type: lambda value: value.text,
    Grant: _grant,
    Key: _key,
    Reference: _reference,
}
