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
    from greylag.operations.retention import examine_retention

    resolution = place.resolve()
    documents: list[dict[str, object]] = []
    code = 0
    for target in resolution.targets:
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
    if keeping.reason:
        yield f"  {keeping.reason}"
        return
    yield f"  rows are to be kept {told_band(keeping.retention)}"
    width = max([len(verdict.name) for verdict in keeping.verdicts], default=0)
    for verdict in keeping.verdicts:
        yield from _table_lines(verdict, width)
    bad = sum(verdict.state == "bad" for verdict in keeping.verdicts)
    yield f"  {bad} bad" if bad else "  nothing is wrong"


def _table_lines(verdict: Verdict, width: int) -> Iterator[str]:
    heads = [problem.text for problem in verdict.problems] or [verdict.keeps or verdict.notes[0]]
    if not verdict.problems and verdict.age is not None and verdict.age.oldest:
        heads[0] += f", oldest of {verdict.age.oldest[:10]}"
    yield f"  {tint(verdict.state.ljust(4), _TONES[verdict.state])}  {verdict.name.ljust(width)}  {heads[0]}"
    margin = " " * (width + 10)
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


def _facts(target: Target, source: str, keeping: Keeping) -> dict[str, object]:
    least, most = keeping.retention
    return {
        "target": target.name,
        "source": source or None,
        "server": server_facts(keeping.server),
        "bad": keeping.is_bad,
        "min": least and least.text,
        "max": most and most.text,
        "cluster": keeping.cluster or None,
        "reason": keeping.reason or None,
        "tables": [_table_facts(verdict) for verdict in keeping.verdicts],
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
