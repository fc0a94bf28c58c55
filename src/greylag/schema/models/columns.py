"""A column as ``mapped_column(…)`` or ``sa.Column(…)``."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple
from greylag.schema.models.names import identifier
from greylag.schema.models.writing import call, clause, sequence, string, text_clause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.model.catalog import objects
    from greylag.model.catalog.parts import Column, Name
    from greylag.model.catalog.tables import Constraint, Table
    from greylag.schema.models.kinds import Kind
    from greylag.schema.models.writing import Group

_SERIAL = {"int2": 32767, "int4": 2147483647, "int8": 9223372036854775807}
_PLAIN_VALUE = re.compile(r"^(?:[-+]?[\w.]+|x?'(?:[^']|'')*'|\(.*\)|\".*\")$", re.IGNORECASE | re.DOTALL)
_ACTIONS = {
    "cascade": "CASCADE",
    "restrict": "RESTRICT",
    "set null": "SET NULL",
    "set default": "SET DEFAULT",
}


class Context(NamedTuple):
    """What the columns of a table are written with: its keys, its engine, the catalog's sequences by name."""

    table: Table
    engine: str
    sequences: Mapping[Name, objects.Sequence]
    key: tuple[str, ...]
    foreign: Sequence[Constraint]


def column(found: Column, kind: Kind, context: Context, *, attribute: str = "") -> Group:
    """The expression; ``attribute`` is its name in a class, nothing for a column of a ``sa.Table``."""
    args: list[str | Group] = [] if found.name == attribute else [string(found.name)]
    args.append(kind.sql)
    args += [foreign_key(each, context) for each in context.foreign if each.columns == (found.name,)]
    args += _computed(found, context)
    named: dict[str, str | Group] = {}
    if found.name in context.key:
        named["primary_key"] = "True"
        if _is_bare_number(found, context):
            named["autoincrement"] = "False"
    elif not found.nullable and (not attribute or kind.python == "Any"):
        named["nullable"] = "False"
    elif found.nullable and attribute and kind.nullable is False:
        # The domain refuses NULL and the column does not: the class says what comes out of the database.
        named["nullable"] = "True"
    if found.default is not None and not found.generated and not is_serial(found, context):
        named["server_default"] = text_clause(_default(found, context.engine))
    if found.comment:
        named["comment"] = string(found.comment)
    return call("mapped_column" if attribute else "sa.Column", args, named)


def annotation(found: Column, kind: Kind) -> str:
    """What an attribute of the column holds."""
    optional = found.nullable if kind.nullable is None else found.nullable and kind.nullable
    return f"{kind.python} | None" if optional else kind.python


def is_serial(found: Column, context: Context) -> bool:
    """Whether SQLAlchemy makes just this sequence by itself: the key's own, with nothing said about it."""
    if context.engine != "postgres" or found.identity or context.key != (found.name,):
        return False
    table, facts = context.table, context.sequences.get(found.sequence) if found.sequence else None
    usual = f"{table.name}_{found.name}_seq"
    if facts is None or facts.schema != table.schema or facts.name != usual or _is_referring(found, context):
        return False
    plain = (facts.start, facts.increment, facts.minimum, facts.cache, facts.cycle) == (1, 1, 1, 1, False)
    return plain and facts.maximum == _SERIAL.get(found.type.name)


def _is_bare_number(found: Column, context: Context) -> bool:
    """Whether SQLAlchemy would make a sequence that is not there."""
    numbers = context.engine == "postgres" and found.type.name in _SERIAL and context.key == (found.name,)
    made = found.default is not None or found.identity or found.generated or _is_referring(found, context)
    return numbers and not made


def _is_referring(found: Column, context: Context) -> bool:
    return any(found.name in each.columns for each in context.foreign)


def _default(found: Column, engine: str) -> str:
    text = found.default or ""
    # SQLite wants brackets around what is no plain value, and prints the expression without them.
    return text if engine != "sqlite" or _PLAIN_VALUE.match(text) else f"({text})"


def _computed(found: Column, context: Context) -> list[Group]:
    if found.generated:
        persisted = {"persisted": "True" if found.generated == "stored" else "False"}
        return [call("sa.Computed", [clause(found.default or "")], persisted)]
    if found.identity and context.engine == "postgres":
        facts = context.sequences.get(found.sequence) if found.sequence else None
        named: dict[str, str | Group] = {"always": "True"} if found.identity == "always" else {}
        return [call("sa.Identity", named=named | (sequence_facts(facts, found.type.name) if facts else {}))]
    return []


def sequence_facts(facts: objects.Sequence, type_name: str) -> dict[str, str | Group]:
    """What a sequence has that is not PostgreSQL's default for its type."""
    top = _SERIAL.get(type_name, _SERIAL["int8"])
    down = facts.increment < 0
    lowest, highest = (-top - 1, -1) if down else (1, top)
    usual = {
        "start": facts.maximum if down else facts.minimum,
        "increment": 1,
        "minvalue": lowest,
        "maxvalue": highest,
        "cache": 1,
    }
    found = {
        "start": facts.start,
        "increment": facts.increment,
        "minvalue": facts.minimum,
        "maxvalue": facts.maximum,
        "cache": facts.cache,
    }
    named: dict[str, str | Group] = {key: str(value) for key, value in found.items() if value != usual[key]}
    return named | ({"cycle": "True"} if facts.cycle else {})


_WORDS = {"smallint": ("int2", "sa.SmallInteger()"), "integer": ("int4", "sa.Integer()")}


def sequence_object(facts: objects.Sequence) -> tuple[str, Group]:
    """A sequence of its own as a name and ``sa.Sequence(…)``."""
    type_name, word = _WORDS.get(facts.type, ("int8", ""))
    named = sequence_facts(facts, type_name)
    if word:
        named["data_type"] = word
    if facts.schema != "public":
        named["schema"] = string(facts.schema)
    named["metadata"] = "Base.metadata"
    return identifier(f"s_{facts.name}"), call("sa.Sequence", [string(facts.name)], named)


def foreign_key(constraint: Constraint, context: Context, *, whole: bool = False) -> Group:
    """``sa.ForeignKey(…)`` of one column, with ``whole`` ``sa.ForeignKeyConstraint(…)``."""
    reference = constraint.references
    if reference is None:
        raise ValueError(constraint.name)
    home = {"postgres": "public", "sqlite": "main"}[context.engine]
    place = "" if reference.table.schema in ("", home) else f"{reference.table.schema}."
    remote = [string(f"{place}{reference.table.name}.{each}") for each in reference.columns]
    named: dict[str, str | Group] = {"name": string(constraint.name)} if constraint.name else {}
    if reference.on_update in _ACTIONS:
        named["onupdate"] = string(_ACTIONS[reference.on_update])
    if reference.on_delete in _ACTIONS:
        some = f" ({', '.join(reference.set_columns)})" if reference.set_columns else ""
        named["ondelete"] = string(_ACTIONS[reference.on_delete] + some)
    if constraint.deferrable:
        named["deferrable"] = "True"
        if constraint.deferred:
            named["initially"] = string("DEFERRED")
    if reference.match != "simple":
        named["match"] = string(reference.match.upper())
    if not constraint.validated:
        named["postgresql_not_valid"] = "True"
    if not whole:
        return call("sa.ForeignKey", remote, named)
    local = sequence(string(each) for each in constraint.columns)
    return call("sa.ForeignKeyConstraint", [local, sequence(remote)], named)
