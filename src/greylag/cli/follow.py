"""What a run on a local database tells of schema.prisma: that it follows, or how to have it follow."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from greylag.cli.explain import explain
from greylag.cli.render import error_facts, out, out_json
from greylag.errors import GreylagError
from greylag.model.workspace import LOCAL

if TYPE_CHECKING:
    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target
    from greylag.operations.connect import Session
    from greylag.operations.schema_follow import Followed


def tell_schema(
    session: Session, target: Target, resolution: Resolution, place: Place, *, ran: bool, as_json: bool
) -> bool:
    """Let schema.prisma follow what a run did, and tell it. False where it was asked for and did not work.

    The migrations are applied then, and what is wrong stands on stderr.
    """
    if target.environment != LOCAL or target.engine != "postgres":
        return True  # without importing anything of the schema road
    from greylag.operations.schema_follow import follow

    try:
        found = follow(session, target, resolution, table=place.table, ran=ran)
    except GreylagError as error:
        if as_json:
            out_json({"event": "failed", "target": target.name, "error": error_facts(error)})
        subject = f"{target.name}: the run is done, but schema.prisma does not follow"
        print(explain(error, subject=subject), file=sys.stderr)
        return False
    if found is not None:
        _show(found, target, as_json=as_json)
    return True


def _show(found: Followed, target: Target, *, as_json: bool) -> None:
    path = os.path.relpath(found.path)
    if as_json:
        out_json({"event": "schema", "target": target.name, "file": path, "state": found.state})
        return
    meant = target.name if target.service else f"--dir {target.name}"
    words = {
        "wrote": f"wrote {path}",
        "current": f"{path} is up to date",
        "empty": f"{path} stays as it is: there is no table to pull",
        "stale": f"next: greylag schema pull {meant}, {path} is out of date ([schema] sync does it at once)",
    }
    out(f"  {words[found.state]}")
