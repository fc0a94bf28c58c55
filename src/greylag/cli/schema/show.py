"""``schema show``: tables and their columns on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.options import Place, complete_target, folder_option, json_option
from greylag.cli.render import header, out, out_json, table
from greylag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import View
    from greylag.model.catalog.parts import Column
    from greylag.model.catalog.tables import Table


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@click.argument("names", nargs=-1, metavar="[TABLE]...")
@click.option("--dsn", metavar="TEXT", help="Connection string of the database.")
@folder_option
@json_option
def show(
    *, target: str | None, names: tuple[str, ...], dsn: str | None, folder: str | None, as_json: bool
) -> int:
    """Show the tables and views of a database, or everything about each TABLE (a name or a glob).

    With --dsn or --dir every word is a table. --json prints the whole catalog, in the form that schema diff
    takes as a side.
    """
    from greylag.cli.visit import way_to
    from greylag.environments.resolution import only_target
    from greylag.operations.schema_show import facts, for_people, read_schema

    if target is not None and (dsn is not None or folder is not None):
        names, target = (target, *names), None
    place = Place((target,) if target else (), dsn, folder)
    resolution = place.resolve()
    meant = only_target(resolution)
    with way_to(meant, resolution, place) as way:
        catalog = read_schema(way.session, meant.table)
        if as_json:
            out_json(facts(catalog))
            return 0
        out(header(meant.name, way.source, way.session.connect()))
    catalog = for_people(catalog)
    for line in _details(catalog, names) if names else _overview(catalog):
        out(f"  {line}".rstrip())
    return 0


def _overview(catalog: Catalog) -> Iterator[str]:
    relations: list[Table | View] = [*catalog.tables, *catalog.views]
    if not relations:
        yield "no tables: greylag up makes them"
        return
    rows = [
        [_name(each), _kind(each), str(len(each.columns)), _key(each), _first_line(each.comment)]
        for each in sorted(relations, key=lambda each: (each.schema, each.name))
    ]
    yield from table(["name", "kind", "columns", "key", "comment"], rows)
    others = (
        ("enum", catalog.enums),
        ("domain", catalog.domains),
        ("composite type", catalog.composites),
        ("function", catalog.routines),
        ("dictionary", catalog.dictionaries),
        ("extension", [each for each in catalog.extensions if each.name != "plpgsql"]),
    )
    for kind, found in others:
        if found:
            yield f"{kind}: {', '.join(_name(each) for each in found)}"


def _details(catalog: Catalog, names: tuple[str, ...]) -> Iterator[str]:
    from greylag.operations.schema_show import chosen

    found, lost = chosen(catalog, names)
    if lost:
        known = [_name(each) for each in (*catalog.tables, *catalog.views)]
        raise UsageError(f"there is no table {lost[0]!r}", hint=_hint(lost[0], known))
    for number, relation in enumerate(found):
        if number:
            yield ""
        yield from _relation(catalog, relation)


def _relation(catalog: Catalog, relation: Table | View) -> Iterator[str]:
    from greylag.model.catalog.tables import Table
    from greylag.operations.schema_show import referrers

    yield f"{_kind(relation)} {tint(_name(relation), 'strong')}{_behind(relation.comment)}"
    yield from table(["column", "type", "null", "default", "comment"], map(_column, relation.columns))
    if not isinstance(relation, Table):
        yield from _section("definition", relation.definition.splitlines())
        yield from _section("indexes", [each.definition for each in relation.indexes])
        return
    for word, text in (
        ("engine", relation.engine),
        ("partition by", relation.partition_key),
        ("order by", relation.order_by),
        ("ttl", relation.ttl),
    ):
        if text:
            yield f"{word} {text}"
    keys = [f"{each.name} {each.definition or each.expression}" for each in relation.constraints]
    yield from _section("constraints", keys)
    own = [each for each in relation.indexes if not each.constraint]
    yield from _section("indexes", [_index(each.definition or each.name, valid=each.valid) for each in own])
    yield from _section("triggers", [each.definition or each.name for each in relation.triggers])
    yield from _section("policies", [f"{each.name} for {each.command}" for each in relation.policies])
    yield from _section("projections", [f"{each.name} {each.query}" for each in relation.projections])
    yield from _section(
        "referenced by", [f"{_name(other)}: {key}" for other, key in referrers(catalog, relation)]
    )


def _column(column: Column) -> list[str]:
    default = column.default or ""
    if column.identity:
        default = f"identity, {column.identity}"
    elif column.generated:
        default = f"{column.generated}: {default}"
    return [
        column.name,
        column.type.text,
        "" if column.nullable else "not null",
        _first_line(default),
        _first_line(column.comment),
    ]


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _index(text: str, *, valid: bool) -> str:
    return text if valid else f"{text} {tint('INVALID', 'bad')}"


def _key(relation: Table | View) -> str:
    key = getattr(relation, "primary_key", "") or getattr(relation, "order_by", "")
    for each in getattr(relation, "constraints", ()):
        if each.kind == "primary key":
            return ", ".join(each.columns)
    return str(key)


def _kind(relation: Table | View) -> str:
    word = {"ordinary": "table", "materialized": "materialized view", "view": "view"}.get(relation.kind)
    return word or f"{relation.kind} table"


def _name(value: object) -> str:
    schema, name = getattr(value, "schema", ""), str(getattr(value, "name", ""))
    return name if schema in ("", "public", "main", "pg_catalog") else f"{schema}.{name}"


def _behind(comment: str) -> str:
    return f"  {tint(_first_line(comment), 'faint')}" if comment else ""


def _first_line(text: str) -> str:
    first, more, _ = text.partition("\n")
    return f"{first} …" if more else first


def _hint(word: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, 1)
    return f"did you mean {near[0]}?" if near else "greylag schema show TARGET lists them"
