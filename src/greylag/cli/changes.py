"""Differences of schemas as a person reads them: object by object, the old line and the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.cli.colour import tint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greylag.model.change import Change

_ONE_LINE = 60
_OWNERS = {"model": "model", "field": "model", "enum": "enum", "value": "enum"}
"""What the parts of a schema.prisma belong to; ``@@`` attributes belong to models too."""


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """One block per table or other object; ``-`` stands on the first side alone, ``+`` on the second."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in _told(changes):
        head = (_owner(change), change.table) if change.table else (change.kind, change.name)
        groups.setdefault(head, []).append(change)
    for (kind, name), members in groups.items():
        whole = next((each for each in members if each.name == name and each.what in _SIGNS), None)
        if whole is not None:
            yield f"{_sign(whole.what)} {_tone(whole.what, f'{whole.kind} {name}')}{_behind(whole)}"
            continue
        yield f"  {members[0].kind if members[0].name == name else kind} {tint(name, 'strong')}"
        for change in members:
            yield from _member_lines(change, name)


def summary(changes: Sequence[Change]) -> str:
    """How much differs, in a few words."""
    counts = {what: sum(change.what == what for change in changes) for what in _SIGNS}
    other = len(changes) - sum(counts.values())
    words = [f"{counts['missing']} missing", f"{counts['extra']} extra", f"{other} changed"]
    told = ", ".join(word for word in words if not word.startswith("0 "))
    return (
        f"{len(changes)} difference{'' if len(changes) == 1 else 's'}: {told}"
        if changes
        else "no differences"
    )


def change_facts(change: Change) -> dict[str, str]:
    """A difference as JSON."""
    return {
        "kind": change.kind,
        "name": change.name,
        "what": change.what,
        "before": change.before,
        "after": change.after,
        "table": change.table,
    }


def _owner(change: Change) -> str:
    return "model" if change.kind.startswith("@@") else _OWNERS.get(change.kind, "table")


_SIGNS = {"missing": "-", "extra": "+"}


def _told(changes: Sequence[Change]) -> Iterator[Change]:
    """Leaves out places of columns that only moved up or down because another came or went."""
    shifted = {change.table for change in changes if change.kind == "column" and change.what in _SIGNS}
    for change in changes:
        if change.what != "position" or change.kind != "column" or change.table not in shifted:
            yield change


def _member_lines(change: Change, head: str) -> Iterator[str]:
    own = change.name.removeprefix(f"{head}.") if change.name != head else ""
    label = f"{change.kind} {own} " if own else ""
    if change.what in _SIGNS:
        yield f"  {_sign(change.what)} {_tone(change.what, label.rstrip())}{_behind(change)}"
        return
    short = (
        max(len(change.before), len(change.after)) <= _ONE_LINE and "\n" not in change.before + change.after
    )
    if short:
        arrow = f"{change.before or '(none)'} → {change.after or '(none)'}"
        yield f"  {tint('~', 'warn')} {label}{change.what}: {arrow}"
        return
    yield f"  {tint('~', 'warn')} {label}{change.what}:"
    for line in _lines_of(change):
        yield f"      {line}"


def _lines_of(change: Change) -> Iterator[str]:
    if "\n" not in change.before + change.after:
        yield _tone("missing", f"- {change.before}") if change.before else tint("- (none)", "faint")
        yield _tone("extra", f"+ {change.after}") if change.after else tint("+ (none)", "faint")
        return
    from difflib import unified_diff

    rows = unified_diff(change.before.splitlines(), change.after.splitlines(), lineterm="", n=1)
    for row in list(rows)[2:]:
        what = {"-": "missing", "+": "extra"}.get(row[0], "")
        yield _tone(what, row) if what else tint(row, "faint")


def _behind(change: Change) -> str:
    text = (change.before or change.after).split("\n", 1)[0]
    return f"  {tint(text, 'faint')}" if text else ""


def _sign(what: str) -> str:
    return _tone(what, _SIGNS[what])


def _tone(what: str, text: str) -> str:
    return tint(text, "bad" if what == "missing" else "good")
