"""``greylag init``: a config file for the tree as it is, as edits that are shown before they are written."""

from __future__ import annotations

import os
import time

from greylag.environments.init import FIRST_MIGRATION, FIRST_SERVICE, extended_config, new_config, unknown
from greylag.environments.package_json import with_script
from greylag.environments.targets import owned_databases
from greylag.environments.tree import SERVICE_FOLDERS, FoundDatabase, scan
from greylag.environments.workspace import FILE_NAME, find_config, load
from greylag.errors import EditError
from greylag.model.edit import Edit
from greylag.model.records import NamedTuple
from greylag.operations.write import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Initialised(NamedTuple):
    """What was found in the tree, what of it is new to the config file, and the edits that add it.

    ``config`` is the file's path. ``scaffolded`` is the path of the first migration, where there was none.
    ``packages`` are the package.json files that get the script ``prisma``, their edits are the last ones.
    Without edits everything is there already.
    """

    config: str
    existed: bool
    found: list[FoundDatabase]
    added: list[FoundDatabase]
    scaffolded: str | None
    edits: list[Edit]
    packages: tuple[str, ...] = ()


def init(folder: str, environ: Mapping[str, str], *, now: float, packages: bool = True) -> Initialised:
    """Look at the tree of ``folder`` (or of the workspace it is in) and make the edits; writes nothing.

    ``now`` is in seconds of the epoch, for the version of a first migration. With ``packages`` the
    package.json files of PostgreSQL services that depend on Prisma get a script that leads to greylag. Raises
    WorkspaceError when the config file that is there has mistakes.
    """
    done = _described(folder, environ, now)
    if not packages or done.scaffolded:
        return done
    edits = list(_packages(done))
    return done._replace(edits=done.edits + edits, packages=tuple(edit.path for edit in edits))


def _described(folder: str, environ: Mapping[str, str], now: float) -> Initialised:
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


def _packages(done: Initialised) -> Iterable[Edit]:
    """The script for the services' package.json, and for the one of the root above them."""
    root = os.path.dirname(done.config)
    folders = [os.path.join(root, each.service_folder) for each in done.found if each.engine == "postgres"]
    if done.existed:
        workspace = load(done.config)
        root = workspace.root
        owners = {each.owner for each in owned_databases(workspace) if each.engine == "postgres"}
        folders += [workspace.services[owner].folder for owner in sorted(owners)]
    if folders:
        folders.insert(0, root)
    for path in dict.fromkeys(os.path.realpath(os.path.join(each, "package.json")) for each in folders):
        try:
            before = read(path) or ""
        except EditError:  # not what was asked for, so no reason to stop
            continue
        if (after := with_script(before)) != before:
            yield Edit(path, before, after)
