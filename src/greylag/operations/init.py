"""``greylag init``: a config file for the tree as it is, as edits that are shown before they are written."""

from __future__ import annotations

import os
import time

from greylag.environments.init import FIRST_MIGRATION, FIRST_SERVICE, extended_config, new_config, unknown
from greylag.environments.tree import SERVICE_FOLDERS, FoundDatabase, scan
from greylag.environments.workspace import FILE_NAME, find_config, load
from greylag.model.edit import Edit
from greylag.model.records import NamedTuple
from greylag.operations.write import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Initialised(NamedTuple):
    """What was found in the tree, what of it is new to the config file, and the edits that add it.

    ``config`` is the file's path. ``scaffolded`` is the path of the first migration, where there was none.
    Without edits the file says everything already.
    """

    config: str
    existed: bool
    found: list[FoundDatabase]
    added: list[FoundDatabase]
    scaffolded: str | None
    edits: list[Edit]


def init(folder: str, environ: Mapping[str, str], *, now: float) -> Initialised:
    """Look at the tree of ``folder`` (or of the workspace it is in) and make the edits; writes nothing.

    ``now`` is in seconds of the epoch, for the version of a first migration. Raises WorkspaceError when the
    config file that is there has mistakes.
    """
    config = find_config(folder, environ)
    if config is not None:
        return _extend(config)
    config = os.path.join(os.path.abspath(folder), FILE_NAME)
    found = scan(folder)
    if found:
        return Initialised(config, False, found, found, None, [Edit(config, None, new_config(folder, found))])
    return _scaffold(config, now)


def _extend(config: str) -> Initialised:
    workspace = load(config)
    services = os.path.relpath(workspace.services_folder, workspace.root)
    found = scan(workspace.root, (services, *SERVICE_FOLDERS))
    before = read(config) or ""
    after = extended_config(before, config, os.path.relpath(config), found)
    edits = [Edit(config, before, after)] if after != before else []
    return Initialised(config, True, found, unknown(workspace, found), None, edits)


def _scaffold(config: str, now: float) -> Initialised:
    """A new tree: one service with a first migration, so that there is something to bring up."""
    root = os.path.dirname(config)
    name = time.strftime("%Y%m%d%H%M%S_create_notes.sql", time.gmtime(now))
    path = os.path.join(root, "services", FIRST_SERVICE, "migrations", name)
    first = FoundDatabase(FIRST_SERVICE, f"services/{FIRST_SERVICE}", "migrations", "", "postgres", "", 1)
    edits = [Edit(config, None, new_config(root, [first])), Edit(path, None, FIRST_MIGRATION)]
    return Initialised(config, False, [first], [first], path, edits)
