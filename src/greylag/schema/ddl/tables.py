"""Tables and what hangs on them, as statements."""

from __future__ import annotations

from greylag.model.catalog.parts import Name
from greylag.schema.ddl.words import (
    column_grants,
    comment_on,
    grants_on,
    listed,
    literal,
    name_of,
    option_list,
)
from greylag.sql.names import write_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from greylag.model.catalog.objects import Sequence
    from greylag.model.catalog.parts import Column, Options
    from greylag.model.catalog.tables import Constraint, Index, Policy, Rule, Table, Trigger

_ENABLED = {"always": "ENABLE ALWAYS", "replica": "ENABLE REPLICA", "disabled": "DISABLE"}


def table_statements(
    table: Table, sequences: Mapping[Name, Sequence], parents: Iterable[Table]
) -> Iterator[str]:
    """A table with its columns and keys, but without what refers to other tables or to functions.

    ``sequences`` are those of identity columns by name; ``parents`` those it inherits from or is a part of.
    """
    name = name_of(Name(table.schema, table.name))
    yield _create(table, name, sequences)
    inherited = {column.name: column for parent in parents for column in parent.columns}
    for column in table.columns:
        yield from _column_settings(table, column, name, inherited.get(column.name))
    for constraint in table.constraints:
        if constraint.own and not constraint.validated and constraint.kind != "foreign key":
            yield f"ALTER TABLE {name} ADD {_constraint(constraint)};"
    yield from _table_settings(table, name)
    yield from comment_on("FOREIGN TABLE" if table.kind == "foreign" else "TABLE", name, table.comment)
    for column in table.columns:
        yield from comment_on("COLUMN", f"{name}.{write_name(column.name)}", column.comment)
    for constraint in table.constraints:
        if constraint.kind != "foreign key":
            yield from _constraint_comment(constraint, name)
    yield from grants_on("TABLE", name, table.grants, table.owner)
    for column in table.columns:
        yield from column_grants(name, column)


def index_statements(table: Table | None, name: str, indexes: Iterable[Index]) -> Iterator[str]:
    """Indexes that no constraint and no partitioned index makes, and what is set on all of them."""
    for index in indexes:
        own = write_name(index.name) if table is None else name_of(Name(table.schema, index.name))
        if not index.constraint and index.parent is None:
            yield f"{index.definition};"
        if index.clustered:
            yield f"ALTER TABLE {name} CLUSTER ON {write_name(index.name)};"
        if index.replica_identity:
            yield f"ALTER TABLE {name} REPLICA IDENTITY USING INDEX {write_name(index.name)};"
        for place, key in enumerate(index.keys, 1):
            if key.statistics >= 0:
                yield f"ALTER INDEX {own} ALTER COLUMN {place} SET STATISTICS {key.statistics};"
        yield from comment_on("INDEX", own, index.comment)


def foreign_keys(table: Table) -> Iterator[str]:
    """The keys that refer to other tables, once all of them are there."""
    name = name_of(Name(table.schema, table.name))
    for constraint in table.constraints:
        if constraint.kind == "foreign key" and constraint.own:
            yield f"ALTER TABLE {name} ADD {_constraint(constraint)};"
            yield from _constraint_comment(constraint, name)


def behaviour(
    name: str, triggers: Iterable[Trigger], policies: Iterable[Policy], rules: Iterable[Rule]
) -> Iterator[str]:
    """Triggers, policies and rules of a table or view."""
    for trigger in triggers:
        if trigger.own:
            yield f"{trigger.definition};"
        if trigger.enabled in _ENABLED:
            yield f"ALTER TABLE {name} {_ENABLED[trigger.enabled]} TRIGGER {write_name(trigger.name)};"
        yield from comment_on("TRIGGER", f"{write_name(trigger.name)} ON {name}", trigger.comment)
    for policy in policies:
        yield _policy(policy, name)
        yield from comment_on("POLICY", f"{write_name(policy.name)} ON {name}", policy.comment)
    for rule in rules:
        yield f"{rule.definition.rstrip().removesuffix(';')};"
        if rule.enabled in _ENABLED:
            yield f"ALTER TABLE {name} {_ENABLED[rule.enabled]} RULE {write_name(rule.name)};"
        yield from comment_on("RULE", f"{write_name(rule.name)} ON {name}", rule.comment)


def _create(table: Table, name: str, sequences: Mapping[Name, Sequence]) -> str:
    words = {"permanent": "TABLE", "unlogged": "UNLOGGED TABLE", "temporary": "TEMPORARY TABLE"}
    head = f"CREATE {'FOREIGN TABLE' if table.kind == 'foreign' else words[table.persistence]} {name}"
    inline = [each for each in table.constraints if _is_inline(each)]
    parts = [_constraint(each) for each in inline]
    if table.partition is not None:
        head += f" PARTITION OF {name_of(table.partition.of)}"
    elif table.of_type is not None:
        head += f" OF {name_of(table.of_type)}"
    else:
        foreign = table.kind == "foreign"
        parts = [_column(each, sequences, foreign=foreign) for each in table.columns if each.own] + parts
    body = " (\n    " + ",\n    ".join(parts) + "\n)" if parts else ""
    if not body and table.partition is None and table.of_type is None:
        body = " ()"
    if table.partition is not None:
        body += f" {table.partition.bound}"
    return f"{head}{body}{_tail(table)};"


def _tail(table: Table) -> str:
    words = []
    if table.parents:
        words.append(f"INHERITS ({', '.join(map(name_of, table.parents))})")
    if table.partition_key:
        words.append(f"PARTITION BY {table.partition_key}")
    if table.access_method:
        words.append(f"USING {write_name(table.access_method)}")
    if table.server:
        words.append(f"SERVER {write_name(table.server)}")
        if table.options:
            words.append(f"OPTIONS ({_foreign_options(table.options)})")
    elif table.options:
        words.append(f"WITH ({option_list(table.options)})")
    if table.tablespace:
        words.append(f"TABLESPACE {write_name(table.tablespace)}")
    return "".join(f" {word}" for word in words)


def _column(column: Column, sequences: Mapping[Name, Sequence], *, foreign: bool) -> str:
    words = [write_name(column.name), column.type.text]
    if foreign and column.options:
        words.append(f"OPTIONS ({_foreign_options(column.options)})")
    if column.compression:
        words.append(f"COMPRESSION {column.compression}")
    if column.collation:
        words.append(f"COLLATE {column.collation}")
    if not column.nullable:
        words.append("NOT NULL")
    if column.identity:
        words.append(f"GENERATED {column.identity.upper()} AS IDENTITY{_identity(column, sequences)}")
    elif column.generated:
        words.append(f"GENERATED ALWAYS AS ({column.default}) {column.generated.upper()}")
    elif column.default is not None:
        words.append(f"DEFAULT {column.default}")
    return " ".join(words)


def _identity(column: Column, sequences: Mapping[Name, Sequence]) -> str:
    sequence = sequences.get(column.sequence) if column.sequence else None
    if sequence is None:
        return ""
    return f" (SEQUENCE NAME {name_of(Name(sequence.schema, sequence.name))}{sequence_options(sequence)})"


def sequence_options(sequence: Sequence) -> str:
    """What differs from a sequence nobody gave options to."""
    most = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}.get(sequence.type, 2**63)
    up = sequence.increment > 0
    low, high = (1, most - 1) if up else (-most, -1)
    words = []
    if sequence.increment != 1:
        words.append(f"INCREMENT {sequence.increment}")
    if sequence.minimum != low:
        words.append(f"MINVALUE {sequence.minimum}")
    if sequence.maximum != high:
        words.append(f"MAXVALUE {sequence.maximum}")
    if sequence.start != (sequence.minimum if up else sequence.maximum):
        words.append(f"START {sequence.start}")
    if sequence.cache != 1:
        words.append(f"CACHE {sequence.cache}")
    if sequence.cycle:
        words.append("CYCLE")
    return "".join(f" {word}" for word in words)


def _column_settings(table: Table, column: Column, name: str, of_parent: Column | None) -> Iterator[str]:
    place = f"ALTER TABLE {name} ALTER COLUMN {write_name(column.name)}"
    if not column.own or table.of_type is not None:
        if column.default is not None and not column.generated:
            if of_parent is None or of_parent.default != column.default:
                yield f"{place} SET DEFAULT {column.default};"
        elif of_parent is not None and of_parent.default is not None and not column.generated:
            yield f"{place} DROP DEFAULT;"
        if not column.nullable and (of_parent is None or of_parent.nullable):
            yield f"{place} SET NOT NULL;"
    if column.storage and (of_parent is None or of_parent.storage != column.storage):
        yield f"{place} SET STORAGE {column.storage.upper()};"
    if column.statistics >= 0:
        yield f"{place} SET STATISTICS {column.statistics};"
    if column.options and table.kind != "foreign":
        yield f"{place} SET ({option_list(column.options)});"


def _table_settings(table: Table, name: str) -> Iterator[str]:
    if table.row_security:
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"
    if table.force_row_security:
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY;"
    if table.replica_identity in ("full", "nothing") and table.kind != "foreign":
        yield f"ALTER TABLE {name} REPLICA IDENTITY {table.replica_identity.upper()};"


def _foreign_options(options: Options) -> str:
    return ", ".join(f"{write_name(key)} {literal(value)}" for key, value in options)


def _is_inline(constraint: Constraint) -> bool:
    return constraint.own and constraint.kind != "foreign key" and constraint.validated


def _constraint(constraint: Constraint) -> str:
    return f"CONSTRAINT {write_name(constraint.name)} {constraint.definition}"


def _constraint_comment(constraint: Constraint, name: str) -> Iterator[str]:
    yield from comment_on("CONSTRAINT", f"{write_name(constraint.name)} ON {name}", constraint.comment)


def _policy(policy: Policy, name: str) -> str:
    words = [f"CREATE POLICY {write_name(policy.name)} ON {name}"]
    if not policy.permissive:
        words.append("AS RESTRICTIVE")
    if policy.command != "all":
        words.append(f"FOR {policy.command.upper()}")
    if policy.roles:
        words.append(f"TO {listed(policy.roles)}")
    if policy.using:
        words.append(f"USING ({policy.using})")
    if policy.check:
        words.append(f"WITH CHECK ({policy.check})")
    return f"{' '.join(words)};"
