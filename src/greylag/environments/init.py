"""The text of ``greylag.toml`` for what a tree holds: a new file, or additions to the one that is there."""

from __future__ import annotations

import os
import re

from greylag.environments.document import toml
from greylag.environments.targets import owned_databases
from greylag.environments.tree import SERVICE_FOLDERS
from greylag.environments.workspace import parse
from greylag.errors import WorkspaceError
from greylag.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.environments.tree import FoundDatabase
    from greylag.model.workspace import Workspace

_HEAD = """\
# What is called what, and where. Every key: docs/reference/config.md of greylag.
[workspace]
name = {name}
services = {services}

# Without an environment every target is local: the embedded server. With these two there are
# also service@dev and service@prod.
# [environments.dev]
# database = {{ postgres = "{{database}}_dev" }}
# [environments.prod]
# protected = true
"""

FIRST_SERVICE = "app"

FIRST_MIGRATION = """\
-- +goose Up
CREATE TABLE notes (
    id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    body text NOT NULL CHECK (body <> ''),
    created_at timestamptz(6) NOT NULL DEFAULT now(),
    updated_at timestamptz(6) NOT NULL DEFAULT now()
);

-- +goose Down
DROP TABLE notes;
"""
"""A first migration that can be taken back, with ids and times in the form the practice asks for."""


def new_config(root: str, found: Sequence[FoundDatabase]) -> str:
    """The text of a config file for ``root`` and the databases found in it."""
    parents = [database.service_folder.partition("/")[0] for database in found]
    services = next((each for each in SERVICE_FOLDERS if each in parents), SERVICE_FOLDERS[0])
    head = _HEAD.format(name=toml(_name(os.path.basename(os.path.abspath(root)))), services=toml(services))
    return head + _Additions(root, services, None).tables(found)


def extended_config(before: str, path: str, shown: str, found: Sequence[FoundDatabase]) -> str:
    """The text with tables added at its end for what is new in the tree; nothing else is touched.

    Raises WorkspaceError for a file with mistakes, and for one whose form does not take additions.
    """
    workspace = parse(before.removeprefix("\ufeff"), path, shown)
    services = os.path.relpath(workspace.services_folder, workspace.root)
    added = _Additions(workspace.root, services, workspace).tables(unknown(workspace, found))
    if not added:
        return before
    line_end = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before or before.endswith("\n") else line_end
    after = before + gap + added.replace("\n", line_end)
    try:
        parse(after.removeprefix("\ufeff"), path, shown)
    except WorkspaceError as error:
        hint = f"add what is missing by hand:\n{added.strip()}"
        message = f"the tables for new services do not fit at the end of this file ({error.message})"
        raise WorkspaceError(message, where=Location(shown), hint=hint) from error
    return after


def unknown(workspace: Workspace, found: Iterable[FoundDatabase]) -> list[FoundDatabase]:
    """The databases of a tree whose folder no database of the workspace has."""
    known = {os.path.realpath(database.folder) for database in owned_databases(workspace)}
    return [each for each in found if os.path.realpath(_folder(workspace.root, each)) not in known]


def _folder(root: str, found: FoundDatabase) -> str:
    return os.path.join(root, found.service_folder, found.migrations)


class _Additions:
    """Names for what was found, unlike those that are there, and tables of them."""

    def __init__(self, root: str, services: str, workspace: Workspace | None) -> None:
        self.root = root
        self.services = services
        known = workspace.services.values() if workspace else ()
        self.service_of_folder = {os.path.realpath(service.folder): service.name for service in known}
        self.keys = {key for service in known for key in service.databases}

    def tables(self, found: Iterable[FoundDatabase]) -> str:
        return "".join(map(self._table, found))

    def _table(self, found: FoundDatabase) -> str:
        folder = os.path.realpath(os.path.join(self.root, found.service_folder))
        text = ""
        if folder not in self.service_of_folder:
            name = _free(_name(found.service), self.service_of_folder.values(), found.service_folder)
            self.service_of_folder[folder] = name
            if found.service_folder != f"{self.services}/{name}":
                text = f"\n[services.{_key(name)}]\nfolder = {toml(found.service_folder)}\n"
        service = self.service_of_folder[folder]
        key = _free(_name(found.part or service).replace("-", "_"), self.keys, f"{service}_{found.part}")
        self.keys.add(key)
        lines = [f"\n[services.{_key(service)}.databases.{_key(key)}]"]
        if found.engine != "postgres":
            lines.append(f"engine = {toml(found.engine)}")
        if found.migrations != "migrations":
            lines.append(f"migrations = {toml(found.migrations)}")
        if found.cluster:
            lines.append(f"cluster = {toml(found.cluster)}")
        return text + "\n".join(lines) + "\n"


def _free(name: str, taken: Iterable[str], fuller: str) -> str:
    """``name``, else the ``fuller`` one, else that with a number."""
    taken = set(taken)
    fuller = _name(fuller)
    candidates = [name, fuller, *(f"{fuller}_{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)


def _name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("._-") or FIRST_SERVICE


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml(name)
