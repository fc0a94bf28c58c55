"""Indexes and keys of PostgreSQL and SQLite as SQLAlchemy writes them."""

from __future__ import annotations

from greylag.schema.models.writing import call, mapping, sequence, string, text_clause
from greylag.sql.names import write_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.parts import Options
    from greylag.model.catalog.tables import Constraint, Index, Key
    from greylag.schema.models.writing import Group


def index(found: Index, engine: str) -> Group:
    """``sa.Index(…)`` with what the engine alone knows as ``postgresql_…``."""
    named: dict[str, str | Group] = {}
    if found.unique:
        named["unique"] = "True"
    postgres = engine == "postgres"
    if postgres:
        named |= _postgres(found)
    if found.predicate:
        named["postgresql_where" if postgres else "sqlite_where"] = text_clause(found.predicate)
    keys = [_key(key, postgres=postgres) for key in found.keys]
    return call("sa.Index", [string(found.name), *keys], named)


def _postgres(found: Index) -> dict[str, str | Group]:
    named: dict[str, str | Group] = {}
    if found.method != "btree":
        named["postgresql_using"] = string(found.method)
    if found.include:
        named["postgresql_include"] = sequence(string(each) for each in found.include)
    classes = {key.column: string(_opclass(key)) for key in found.keys if _is_plain(key) and _opclass(key)}
    if classes:
        named["postgresql_ops"] = mapping(classes)
    if found.unique and not found.nulls_distinct:
        named["postgresql_nulls_not_distinct"] = "True"
    if found.options:
        named["postgresql_with"] = options(found.options)
    if found.tablespace:
        named["postgresql_tablespace"] = string(found.tablespace)
    return named


def options(found: Options) -> Group:
    """Storage parameters as a dict of strings."""
    return mapping({name: string(value) for name, value in found})


def _is_plain(key: Key, *, postgres: bool = True) -> bool:
    return bool(key.column) and not (key.descending or (key.nulls_first and postgres) or key.collation)


def _opclass(key: Key) -> str:
    """What stands behind the key, nothing for the type's default."""
    settings = ", ".join(f"{name}='{value}'" for name, value in key.opclass_options)
    if key.default_opclass and not settings:
        return ""
    return f"{key.opclass}({settings})" if settings else key.opclass


def _key(key: Key, *, postgres: bool) -> str | Group:
    return (
        string(key.column)
        if _is_plain(key, postgres=postgres)
        else text_clause(key_text(key, postgres=postgres))
    )


def key_text(key: Key, *, postgres: bool = True) -> str:
    """A key as CREATE INDEX has it; SQLite's takes no word about NULL."""
    what = write_name(key.column) if key.column else key.expression
    if postgres and key.expression and not key.expression.startswith("("):
        what = f"({what})"
    words = [what]
    if key.collation:
        words.append(f"COLLATE {key.collation}")
    if _opclass(key):
        words.append(_opclass(key))
    if key.descending:
        words.append("DESC")
    if postgres and key.nulls_first != key.descending:
        words.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(words)


def exclusion(constraint: Constraint, behind: Index | None) -> Group | None:
    """``pg.ExcludeConstraint(…)``; None where its definition is not understood."""
    keys = _elements(constraint.definition)
    if not keys or behind is None:
        return None
    args = [sequence([text_clause(what), string(how)], "(", ")") for what, how in keys]
    named: dict[str, str | Group] = {"name": string(constraint.name), "using": string(behind.method)}
    if behind.predicate:
        named["where"] = text_clause(behind.predicate)
    return call("pg.ExcludeConstraint", args, named | deferring(constraint))


def deferring(constraint: Constraint) -> dict[str, str | Group]:
    """DEFERRABLE and INITIALLY DEFERRED."""
    named: dict[str, str | Group] = {}
    if constraint.deferrable:
        named["deferrable"] = "True"
        if constraint.deferred:
            named["initially"] = string("DEFERRED")
    return named


def _elements(definition: str) -> list[tuple[str, str]]:
    """What an EXCLUDE compares and by which operator."""
    start = definition.find("(") + 1
    depth, begin, found, quote = 1, start, [], ""
    for place in range(start, len(definition)):
        char = definition[place]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        if not quote and (depth == 0 or (depth == 1 and char == ",")):
            what, _, operator = definition[begin:place].strip().rpartition(" WITH ")
            found.append((what, operator))
            begin = place + 1
            if depth == 0:
                return found
    return []
