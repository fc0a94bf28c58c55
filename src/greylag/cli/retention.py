"""The verb that looks whether rows are kept as long as they should be: retention."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.explain import explain
from greylag.cli.options import json_option, place_options
from greylag.cli.render import error_facts, header, out, out_json, server_facts
from greylag.cli.visit import way_to
from greylag.errors import GreylagError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.colour import Tone
    from greylag.cli.options import Place
    from greylag.model.target import Target
    from greylag.model.workspace import Retention
    from greylag.operations.retaining.judging import Verdict
    from greylag.operations.retention import Keeping

_TONES: dict[str, Tone] = {"ok": "good", "bad": "bad", "kept": "link", "none": "faint"}


@click.command()
@place_options
@json_option
def retention(place: Place, as_json: bool) -> int:
    """Compare the TTL of every ClickHouse table with the time its rows are to be kept.

    Nothing is written: what would mend a table is printed. The exit code is 1 when a table has a problem.
    """
    from greylag.operations.retention import examine_retention, why_unjudged

    resolution = place.resolve()
    documents: list[dict[str, object]] = []
    code = 0
    for target in resolution.targets:
        reason = why_unjudged(target, resolution)
        if reason:
            documents.append(_facts(target, "", None, reason))
            if not as_json:
                out(f"{target.name}: {reason}")
            continue
        try:
            with way_to(target, resolution, place) as way:
                keeping = examine_retention(way.session, target, resolution)
                source = way.source
        except GreylagError as error:
            code = max(code, error.exit_code)
            documents.append({"target": target.name, "error": error_facts(error)})
            subject = "" if len(resolution.targets) == 1 else target.name
            print(explain(error, subject=subject), file=sys.stderr)
            continue
        code = max(code, int(keeping.is_bad))
        documents.append(_facts(target, source, keeping))
        if not as_json:
            out(header(target.name, source, keeping.server))
            out("\n".join(_lines(keeping)))
    if as_json:
        out_json(documents)
    return code


def _lines(keeping: Keeping) -> Iterator[str]:
    yield f"  rows are to be kept {told_band(keeping.retention)}"
    several = len({verdict.schema for verdict in keeping.verdicts}) > 1
    names = [f"{verdict.schema}.{verdict.name}" if several else verdict.name for verdict in keeping.verdicts]
    width = max(map(len, names), default=0)
    for name, verdict in zip(names, keeping.verdicts, strict=True):
        yield from _table_lines(name.ljust(width), verdict)
    bad = sum(verdict.state == "bad" for verdict in keeping.verdicts)
    yield f"  {bad} bad" if bad else "  nothing is wrong"


def _table_lines(name: str, verdict: Verdict) -> Iterator[str]:
    heads = [problem.text for problem in verdict.problems] or [verdict.keeps or verdict.notes[0]]
    if not verdict.problems and verdict.age is not None and verdict.age.oldest:
        heads[0] += f", oldest of {verdict.age.oldest[:10]}"
    yield f"  {tint(verdict.state.ljust(4), _TONES[verdict.state])}  {name}  {heads[0]}"
    margin = " " * (len(name) + 10)
    notes = verdict.notes if verdict.problems or verdict.keeps else verdict.notes[1:]
    for line in (*heads[1:], *notes):
        yield f"{margin}{line}"
    if verdict.fix is not None:
        yield f"{margin}next: {verdict.fix.statement};"
        if verdict.deletes is not None:
            yield f"{margin}      it deletes {_rows(verdict.deletes)}"
        yield f"{margin}      {verdict.fix.warning}"


def _rows(count: int) -> str:
    return "no rows" if count == 0 else f"{count} row" if count == 1 else f"{count} rows"


def told_band(retention: Retention) -> str:
    """What is configured, in words."""
    least, most = retention
    if least == most:
        return f"for {least}"
    if least and most:
        return f"for {least} to {most}"
    return f"for at least {least}" if least else f"for at most {most}"


def _facts(target: Target, source: str, keeping: Keeping | None, reason: str = "") -> dict[str, object]:
    """``keeping`` is None for a target that was not judged."""
    least, most = keeping.retention if keeping else (None, None)
    return {
        "target": target.name,
        "source": source or None,
        "server": server_facts(keeping.server) if keeping else None,
        "bad": keeping is not None and keeping.is_bad,
        "min": least and least.text,
        "max": most and most.text,
        "cluster": (keeping.cluster or None) if keeping else None,
        "reason": reason or None,
        "tables": [_table_facts(verdict) for verdict in keeping.verdicts] if keeping else [],
    }


def _table_facts(verdict: Verdict) -> dict[str, object]:
    age, fix = verdict.age, verdict.fix
    return {
        "database": verdict.schema,
        "table": verdict.name,
        "state": verdict.state,
        "keeps": verdict.keeps or None,
        "ttl": verdict.ttl or None,
        "rows": age.rows if age else None,
        "bytes": age.bytes if age else None,
        "oldest": (age.oldest or None) if age else None,
        "overdue_rows": age.overdue_rows if age else None,
        "overdue_bytes": age.overdue_bytes if age else None,
        "problems": [{"kind": problem.kind, "text": problem.text} for problem in verdict.problems],
        "notes": list(verdict.notes),
        "fix": fix.statement if fix else None,
        "fix_deletes": verdict.deletes,
    }
