"""A Catalog as a page of Markdown for people: every table with its columns, keys, referrers and history."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.erd.diagram import HOMES, diagram, name_of, short_type
from greylag.schema.erd.mermaid import mermaid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import View
    from greylag.model.catalog.parts import Column
    from greylag.model.catalog.tables import Table
    from greylag.model.change import Change
    from greylag.model.migration import Migration

_MOST_DRAWN = 60
"""Tables beyond which a diagram on the page helps nobody."""


class Story(NamedTuple):
    """Which files made a table or view and changed it, oldest first. ``columns`` says since when each is."""

    made: str = ""
    changed: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}


def stories(traced: Iterable[tuple[Migration, Sequence[Change]]]) -> dict[str, Story]:
    """What tables have been through, by their names, from what every file changed."""
    found: dict[str, Story] = {}
    for migration, changes in traced:
        for change in changes:
            if not change.table:
                continue
            story = found.get(change.table, Story())
            if change.name == change.table and change.what == "extra":
                story = Story(made=migration.name)
            elif change.name == change.table and change.what == "missing":
                found.pop(change.table, None)
                continue
            else:
                story = _changed(story, change, migration.name)
            found[change.table] = story
    return found


def _changed(story: Story, change: Change, file: str) -> Story:
    if file not in (story.made, *story.changed):
        story = story._replace(changed=(*story.changed, file))
    if change.kind == "column":
        name = change.name.removeprefix(f"{change.table}.")
        columns = dict(story.columns)
        if change.what == "extra":
            columns[name] = file
        elif change.what == "missing":
            columns.pop(name, None)
        return story._replace(columns=columns)
    return story


def docs(catalog: Catalog, title: str, past: Mapping[str, Story]) -> str:
    """The page; ends with a line break. The same schema and history are always the same text."""
    return "\n".join(_page(catalog, title, past)).rstrip() + "\n"


def _page(catalog: Catalog, title: str, past: Mapping[str, Story]) -> Iterator[str]:
    relations: list[Table | View] = [*catalog.tables, *catalog.views]
    shown = sorted(relations, key=lambda each: (each.schema not in HOMES, each.schema, each.name))
    yield from (f"# {title}", "", "<!-- Written by greylag schema docs; do not edit. -->", "")
    yield from ("| table | columns | what it is |", "|---|---|---|")
    for each in shown:
        text = _cell(each.comment.split("\n")[0])
        yield f"| [{_cell(name_of(each))}](#{_anchor(each)}) | {len(each.columns)} | {text} |"
    yield ""
    if 0 < len(catalog.tables) <= _MOST_DRAWN and any(each.constraints for each in catalog.tables):
        yield from ("```mermaid", mermaid(diagram(catalog)).rstrip(), "```", "")
    for each in shown:
        yield from _relation(each, catalog, past.get(name_of(each), Story()))
    yield from _others(catalog)


def _relation(relation: Table | View, catalog: Catalog, story: Story) -> Iterator[str]:
    yield from (f"## {name_of(relation)}", "")
    if relation.comment:
        yield from (relation.comment, "")
    kind = _kind(relation)
    target = getattr(relation, "target", None)
    if kind != "table":
        into = f" that writes to `{target.name}`" if target is not None else ""
        yield from (f"A {kind}{into}.", "")
    if story.made:
        last = f", last changed by `{story.changed[-1]}`" if story.changed else ""
        yield from (f"Made by `{story.made}`{last}.", "")
    notes = _notes(relation)
    if notes:
        yield from (*notes, "")
    since = any(column.name in story.columns for column in relation.columns)
    head = ["column", "type", "null", "default", "what it is", *(["since"] if since else [])]
    yield from (f"| {' | '.join(head)} |", "|" + "---|" * len(head))
    for column in relation.columns:
        cells = _column(column)
        if since:
            file = story.columns.get(column.name, "")
            cells.append(f"`{file}`" if file else "")
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from _keys(relation, catalog)


def _column(column: Column) -> list[str]:
    default = column.default or ""
    if column.identity:
        default = f"identity, {column.identity}"
    return [
        f"`{_cell(column.name)}`",
        _cell(short_type(column.type.text)),
        "yes" if column.nullable else "",
        f"{column.generated} `{_cell(default)}`".strip() if default else "",
        _cell(column.comment),
    ]


def _keys(relation: Table | View, catalog: Catalog) -> Iterator[str]:
    constraints = getattr(relation, "constraints", ())
    lines = [
        f"- {each.kind} `{each.name}`: `{_flat(each.definition or each.expression)}`"
        + (f" {each.comment}" if each.comment else "")
        for each in constraints
    ]
    lines += [
        f"- index `{each.name}`: `{_flat(each.definition or each.method)}`"
        + ("" if each.valid else " (invalid)")
        for each in relation.indexes
        if not each.constraint
    ]
    lines += [f"- trigger `{each.name}`: `{_flat(each.definition)}`" for each in relation.triggers]
    lines += [f"- policy `{each.name}` for {each.command}" for each in getattr(relation, "policies", ())]
    lines += [
        f"- projection `{each.name}`: `{_flat(each.query)}`" for each in getattr(relation, "projections", ())
    ]
    lines += [
        f"- referenced by [{name_of(other)}](#{_anchor(other)}) (`{', '.join(key.columns)}`)"
        for other in catalog.tables
        for key in other.constraints
        if key.references is not None and tuple(key.references.table) == (relation.schema, relation.name)
    ]
    if lines:
        yield from (*lines, "")
    if getattr(relation, "definition", ""):
        yield from ("```sql", getattr(relation, "definition", "").strip("\n"), "```", "")


def _notes(relation: Table | View) -> list[str]:
    pairs = (
        ("Engine", "engine"),
        ("Partitioned by", "partition_key"),
        ("Sorted by", "order_by"),
        ("Kept until", "ttl"),
    )
    lines = [
        f"- {word}: `{_flat(getattr(relation, field))}`"
        for word, field in pairs
        if getattr(relation, field, "")
    ]
    partition = getattr(relation, "partition", None)
    if partition is not None:
        lines.append(f"- Partition of `{partition.of.name}`: `{partition.bound}`")
    if getattr(relation, "row_security", False):
        lines.append("- Row security is on.")
    return lines


def _others(catalog: Catalog) -> Iterator[str]:
    if catalog.enums:
        yield from ("## Enums", "", "| enum | values | what it is |", "|---|---|---|")
        for enum in catalog.enums:
            values = ", ".join(f"`{_cell(value)}`" for value in enum.values)
            yield f"| `{name_of(enum)}` | {values} | {_cell(enum.comment)} |"
        yield ""
    if catalog.routines:
        yield from ("## Functions", "", "| function | gives | what it is |", "|---|---|---|")
        for routine in catalog.routines:
            name = f"{name_of(routine)}({routine.arguments})"
            yield f"| `{_cell(name)}` | {_cell(routine.result)} | {_cell(routine.comment)} |"
        yield ""


def _kind(relation: Table | View) -> str:
    words = {"ordinary": "table", "view": "view", "materialized": "materialized view"}
    return words.get(relation.kind) or f"{relation.kind} table"


def _anchor(relation: Table | View) -> str:
    """The anchor GitHub gives the heading."""
    kept = (char for char in name_of(relation).lower() if char.isalnum() or char in "-_ ")
    return "".join(kept).replace(" ", "-")


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
