"""Pieces of SQL that several queries are made of."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Query(NamedTuple):
    """A query and the name its rows are known by."""

    name: str
    sql: str


_MEMBER = """LEFT JOIN pg_catalog.pg_depend m ON m.classid = '{catalog}'::pg_catalog.regclass
    AND m.objid = {oid} AND m.objsubid = 0 AND m.deptype IN ({kinds})"""
"""The row that makes an object a member of an extension."""


def member(catalog: str, oid: str) -> str:
    """The join that finds the extension (``m.refobjid``) an object of a system catalog belongs to."""
    return _MEMBER.format(catalog=f"pg_catalog.{catalog}", oid=oid, kinds="'e'")


def made_by_another(catalog: str, oid: str) -> str:
    """The join that finds out whether an object came with another: an extension, or a range type."""
    return _MEMBER.format(catalog=f"pg_catalog.{catalog}", oid=oid, kinds="'e', 'i'")


def grants(column: str, kind: str, owner: str) -> str:
    """An ACL, and the one it has where nobody has granted or revoked anything."""
    default = f"pg_catalog.acldefault('{kind}'::\"char\", {owner})"
    return f"{column}, CASE WHEN {column} IS NOT NULL THEN {default} END"


NO_GRANTS = "NULL, NULL"
"""In the place of :func:`grants`, for what has none."""

_UNREADABLE = "pass(word|wd|phrase|file)|secret|token|private_?key|access_?key"
"""Names of options and settings whose values nobody may read: the server does not even send them."""


def unless_secret(name: str, value: str) -> str:
    """``value``, or asterisks where the option ``name`` (both SQL expressions) holds what nobody may read."""
    return f"CASE WHEN {name} ~* '{_UNREADABLE}'::text THEN '********' ELSE {value} END"


def foreign_options(column: str) -> str:
    """`` OPTIONS (name 'value', …)`` of a foreign object, or nothing."""
    return f"""(SELECT pg_catalog.concat(' OPTIONS (', pg_catalog.string_agg(pg_catalog.format('%I %L'::text,
      o.option_name, {unless_secret("o.option_name", "o.option_value")}), ', ' ORDER BY o.option_name), ')')
    FROM pg_catalog.pg_options_to_table({column}) o HAVING pg_catalog.count(*) > 0)"""


def object_name(catalog: str, prefix: str, oid: str) -> str:
    """The name of an object of a system catalog, qualified and quoted (operators have no quotes)."""
    shape = "%I.%s" if catalog == "pg_operator" else "%I.%I"
    return f"""(SELECT pg_catalog.format('{shape}'::text, xn.nspname, x.{prefix}name)
      FROM pg_catalog.{catalog} x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.{prefix}namespace
      WHERE x.oid = {oid})"""


def function_name(oid: str) -> str:
    """The name of a function, qualified and quoted."""
    return object_name("pg_proc", "pro", oid)


def parts(*parts: tuple[str, str]) -> str:
    """``word = value, …`` for the values that are there; each value is an SQL expression or NULL."""
    return "pg_catalog.concat_ws(', ', " + ", ".join(f"'{word} = ' || ({sql})" for word, sql in parts) + ")"


def flag(word: str, condition: str) -> str:
    """A word that is there on a condition."""
    return f"CASE WHEN {condition} THEN '{word}' ELSE '' END"
