"""The verb that examines databases: doctor."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.consent import ask_by_name
from greylag.cli.explain import explain
from greylag.cli.interrupt import SignalInterrupt
from greylag.cli.options import json_option, place_options, shown_folder
from greylag.cli.render import header, out, out_json, server_facts
from greylag.errors import DatabaseError, UsageError
from greylag.model.masking import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.colour import Tone
    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target
    from greylag.operations.doctor import Report
    from greylag.operations.doctoring.finding import Finding

_TONES: dict[str, Tone] = {"ok": "good", "note": "link", "warn": "warn", "bad": "bad"}
_WIDTH = 14


@click.command()
@place_options
@click.option(
    "--repair", "repairs", is_flag=True, help="Mend what is wrong in the version table, then look again."
)
@click.option("--yes", is_flag=True, help="Repair a protected target without being asked.")
@click.option(
    "--in-cluster", is_flag=True, help="Print the kubectl command that tests the connection from a Pod."
)
@click.option("--run", "runs", is_flag=True, help="With --in-cluster: run that command.")
@json_option
def doctor(*, place: Place, repairs: bool, yes: bool, in_cluster: bool, runs: bool, as_json: bool) -> int:
    """Examine databases and the way to them; say what to type where something is wrong.

    Nothing is written without --repair. The exit code is 1 when something is bad.
    """
    if runs and not in_cluster:
        raise UsageError("--run goes with --in-cluster", hint="greylag doctor TARGET --in-cluster --run")
    if in_cluster and repairs:
        raise UsageError("--in-cluster only tests the connection", hint="leave out one of the two")
    resolution = place.resolve()
    if in_cluster:
        return _in_cluster(resolution, runs=runs, as_json=as_json)
    failed = False
    with SignalInterrupt() as interrupt:
        reports = []
        for target in resolution.targets:
            report, repaired = _look(target, resolution, place, interrupt), []
            if repairs and report.repairs:
                ask_by_name(target, yes=yes)
                try:
                    repaired = _mend(report, resolution, place, interrupt)
                except DatabaseError as error:
                    failed = True
                    print(explain(error, subject=target.name), file=sys.stderr)
                else:
                    report = _look(target, resolution, place, interrupt)
            reports.append((report, repaired))
            if not as_json:
                for line in _lines(report, repaired):
                    out(line)
    if as_json:
        out_json([_facts(report, repaired) for report, repaired in reports])
    return 1 if failed or any(report.is_bad for report, _ in reports) else 0


def _look(target: Target, resolution: Resolution, place: Place, interrupt: SignalInterrupt) -> Report:
    from greylag.operations.doctor import examine

    return examine(
        target,
        resolution,
        os.environ,
        shown_folder=shown_folder(target.folder),
        table=place.table,
        interrupt=interrupt,
    )


def _mend(report: Report, resolution: Resolution, place: Place, interrupt: SignalInterrupt) -> list[str]:
    from greylag.operations.doctor import repair

    repair(report, resolution, os.environ, table=place.table, interrupt=interrupt)
    return report.repairs


def _lines(report: Report, repaired: list[str]) -> Iterator[str]:
    if report.server is None:
        yield f"{report.target.name}: no connection" + (f" (from {report.source})" if report.source else "")
    else:
        yield header(report.target.name, report.source, report.server)
    for statement in repaired:
        yield f"  {tint('mended', 'good')}  {statement};"
    for finding in report.findings:
        yield from _finding_lines(finding)
    counts = {level: sum(each.level == level for each in report.findings) for level in ("bad", "warn")}
    if not any(counts.values()):
        yield "  nothing is wrong"
    else:
        yield "  " + ", ".join(f"{count} {level}" for level, count in counts.items() if count)


def _finding_lines(finding: Finding) -> Iterator[str]:
    state = tint(finding.level.ljust(4), _TONES[finding.level])
    yield masked(f"  {state}  {finding.check.ljust(_WIDTH)}  {finding.text}")
    if finding.level == "ok":
        return
    for step in finding.next:
        yield masked(f"{'':24}next: {step}")
    for statement in finding.repair:
        yield f"{'':24}--repair runs: {statement};"


def _facts(report: Report, repaired: list[str]) -> dict[str, object]:
    return {
        "target": report.target.name,
        "source": report.source or None,
        "server": server_facts(report.server) if report.server else None,
        "bad": report.is_bad,
        "checks": [
            {
                "check": finding.check,
                "level": finding.level,
                "text": masked(finding.text),
                "next": [masked(step) for step in finding.next],
                "repair": list(finding.repair),
            }
            for finding in report.findings
        ],
        "repaired": repaired,
    }


def _in_cluster(resolution: Resolution, *, runs: bool, as_json: bool) -> int:
    import shlex

    from greylag.operations.doctoring.cluster import cluster_test

    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    tests = [cluster_test(target, terminal=terminal or not runs) for target in resolution.targets]
    if not runs:
        if as_json:
            out_json([{"target": test.target.name, "command": test.words} for test in tests])
        else:
            for test in tests:
                out(f"# {test.target.name}")
                out(shlex.join(test.words))
        return 0
    codes = {test.target.name: _run(test.words, as_json=as_json) for test in tests}
    if as_json:
        out_json(
            [
                {"target": test.target.name, "command": test.words, "exit_code": codes[test.target.name]}
                for test in tests
            ]
        )
    else:
        for name, code in codes.items():
            ok = f"{tint('ok', 'good')}, the database answers from inside the cluster"
            out(f"{name}: {ok if code == 0 else tint('bad', 'bad') + f', kubectl ended with {code}'}")
    return 1 if any(codes.values()) else 0


def _run(words: list[str], *, as_json: bool) -> int:
    """Run kubectl on this terminal; 0 when the Pod's psql got its answer. Its words keep off a document."""
    import shutil
    import subprocess

    program = shutil.which(words[0])
    if program is None:
        raise UsageError(
            "kubectl is not on PATH, and --run needs it",
            hint="install it, or leave out --run and take the command to where it is",
        )
    stderr = 2
    return subprocess.run([program, *words[1:]], check=False, stdout=stderr if as_json else None).returncode
