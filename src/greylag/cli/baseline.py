"""``baseline``: adopt a database whose schema is there and whose history is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from greylag.cli.decision import decide, one_target
from greylag.cli.options import VersionType, json_option, place_options, shown_folder
from greylag.cli.render import header, out, out_json, server_facts
from greylag.cli.visit import way_to

if TYPE_CHECKING:
    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.migration import Migration
    from greylag.model.target import Target
    from greylag.operations.reach import Reach


@click.command()
@click.argument("version", type=VersionType())
@place_options
@click.option("--dry-run", is_flag=True, help="Compare, and list what would be recorded; write nothing.")
@click.option("--unchecked", is_flag=True, help="Record without comparing the schema with the files.")
@click.option("--yes", is_flag=True, help="Write to a protected target without being asked.")
@json_option
def baseline(*, version: int, place: Place, dry_run: bool, unchecked: bool, yes: bool, as_json: bool) -> int:
    """Adopt a database that has the schema already: record every file up to VERSION as applied.

    Nothing is run there. First the files are run on a scratch database of the embedded server, and the two
    schemas are compared; where they differ nothing is recorded, and exit is 1. A database with a history is
    refused, and so is one without a table.
    """
    from greylag.operations.baseline import baseline as operation

    if dry_run:
        target, resolution = one_target(place)
        with way_to(target, resolution, place) as way:
            chosen = _foresee(way, resolution, place, version, unchecked=unchecked)
            _tell(target, way, version, chosen, dry_run=True, as_json=as_json)
        return 0
    with decide(place, "baseline", yes=yes) as (target, resolution, way, care):
        _foresee(way, resolution, place, version, unchecked=unchecked)
        chosen = operation(way.session, shown_folder(target.folder), version, care)
        _tell(target, way, version, chosen, dry_run=False, as_json=as_json)
    return 0


def _foresee(
    way: Reach, resolution: Resolution, place: Place, version: int, *, unchecked: bool
) -> list[Migration]:
    """What would be recorded, once the schema was found to be what those files make."""
    from greylag.operations.baseline import compare_first, foresee_baseline
    from greylag.operations.scratch import workshop_of

    folder = shown_folder(way.target.folder)
    chosen = foresee_baseline(way.session, folder, version)
    if chosen and not unchecked:
        table = place.table or way.target.table
        compare_first(way.session, folder, chosen, workshop_of(resolution), table)
    return chosen


def _tell(
    target: Target, way: Reach, version: int, chosen: list[Migration], *, dry_run: bool, as_json: bool
) -> None:
    server = way.session.connect()
    if as_json:
        out_json(
            {
                "target": target.name,
                "server": server_facts(server),
                "version": version,
                "written": bool(chosen) and not dry_run,
                "recorded": [{"version": each.version, "file": each.path} for each in chosen],
            }
        )
        return
    out(header(target.name, way.source, server))
    verb = "would record" if dry_run else "recorded"
    for migration in chosen:
        out(f"  {verb} {migration.name}")
    if not chosen:
        out(f"  nothing to do: exactly the files up to {version} are recorded already")
    elif not dry_run:
        out(f"  now at version {version}; nothing was run. greylag up applies what comes after")
