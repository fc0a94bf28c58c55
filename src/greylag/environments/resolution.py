"""Which databases a command means. It is never a guess: each rule is either met or gives way to the next.

Explicit targets, or ``--dsn`` and ``--dir``; then ``GREYLAG_TARGET``; in a plain folder of migrations
``GOOSE_DBSTRING``, then ``DATABASE_URL``; the embedded server last, and never under CI or in a cluster.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from greylag.environments.environ import Environ
from greylag.environments.plain_folder import (
    DSN_VARIABLES,
    connection_in,
    folder_of,
    project_of,
    target_of_folder,
    with_dsn,
)
from greylag.environments.targets import owned_databases, select, short_name, target_of
from greylag.environments.workspace import FILE_NAME, find_config, load
from greylag.errors import TargetError
from greylag.model.dsn import Dsn
from greylag.model.workspace import LOCAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.model.target import Target
    from greylag.model.workspace import Database, Workspace

TARGET_VARIABLE = "GREYLAG_TARGET"
_UNATTENDED = ("CI", "KUBERNETES_SERVICE_HOST")
"""Variables that say nobody sits here: what runs then is meant for a real database."""


class Request(NamedTuple):
    """What a command line says about its place. ``cwd`` is absolute; ``folder`` is ``--dir``, as typed."""

    cwd: str
    environ: Mapping[str, str]
    words: Sequence[str] = ()
    dsn: str | None = None
    folder: str | None = None
    default_environment: str | None = None


class Resolution(NamedTuple):
    """What is meant. ``chosen_by`` says by which rule, ``notices`` what was set and not used.

    ``root`` is the folder under which ``.greylag`` lies: the workspace's, or the plain folder's project.
    """

    targets: list[Target]
    workspace: Workspace | None
    root: str
    chosen_by: str
    notices: list[str]


def resolve(request: Request) -> Resolution:
    """The targets a command means, for verbs that need a database. Raises TargetError and WorkspaceError."""
    return _resolve(request, needs_database=True)


def resolve_folders(request: Request) -> Resolution:
    """The same for verbs that only need folders of migrations: no connection string is looked for."""
    return _resolve(request, needs_database=False)


def only_target(resolution: Resolution) -> Target:
    """The one target of a resolution. Raises TargetError when there are several."""
    if len(resolution.targets) == 1:
        return resolution.targets[0]
    names = ", ".join(target.name for target in resolution.targets)
    raise TargetError(
        f"one target is wanted, and {len(resolution.targets)} are meant", hint=f"name one of {names}"
    )


def _resolve(request: Request, *, needs_database: bool) -> Resolution:
    for option, value in (("--dsn", request.dsn), ("--dir", request.folder)):
        if value is not None and not value.strip():
            raise TargetError(f"{option} is empty", hint="a variable that is not set gives an empty word")
    environ = Environ(request.environ, request.cwd)
    if request.words:
        return _of_words(request, environ, request.words, "the command line", needs_database=needs_database)
    if request.dsn is not None or request.folder is not None:
        return _of_options(request, environ, needs_database=needs_database)
    if words := request.environ.get(TARGET_VARIABLE, "").split():
        return _of_words(request, environ, words, TARGET_VARIABLE, needs_database=needs_database)
    workspace = _workspace_above(request.cwd, request.environ)
    if workspace is None:
        return _plain(request, environ, needs_database=needs_database)
    if needs_database:
        _refuse_unattended(request.environ, "no target is named", f"name one, or set {TARGET_VARIABLE}")
    return _around(request.cwd, workspace, environ)


def _workspace_above(folder: str, environ: Mapping[str, str]) -> Workspace | None:
    config = find_config(folder, environ)
    return load(config) if config else None


def _of_words(
    request: Request, environ: Environ, words: Sequence[str], chosen_by: str, *, needs_database: bool
) -> Resolution:
    if request.folder is not None:
        raise TargetError("a target has its own folder", hint="give a target or --dir, not both")
    workspace = _workspace_above(request.cwd, request.environ)
    targets = select(workspace, words, request.default_environment) if workspace else []
    if workspace is None:
        hint = "greylag init writes one; without it give --dsn and --dir"
        raise TargetError(f"{chosen_by} names a target, but no {FILE_NAME} is here or above", hint=hint)
    bare = [word for word in words if "@" not in word and request.default_environment is None]
    if needs_database and bare and request.dsn is None:
        hint = f"write {bare[0]}@{LOCAL} if you mean it, else {bare[0]}@ and an environment"
        _refuse_unattended(request.environ, f"{bare[0]} says no environment", hint)
    if request.dsn is not None:
        if len(targets) > 1:
            names = ", ".join(target.name for target in targets)
            raise TargetError(
                f"--dsn is one database, and {len(targets)} are meant", hint=f"name one of {names}"
            )
        targets = [targets[0]._replace(dsn=Dsn(request.dsn), source="--dsn")]
    return Resolution(targets, workspace, workspace.root, chosen_by, _unused(environ))


def _of_options(request: Request, environ: Environ, *, needs_database: bool) -> Resolution:
    """``--dsn`` with ``--dir`` says all. One of them alone is enough where there is no workspace."""
    if request.folder is None:
        if find_config(request.cwd, request.environ):
            hint = "name a target (service@environment), or give --dir too"
            raise TargetError("--dsn alone does not say which migrations are meant in a workspace", hint=hint)
    elif request.dsn is None:
        folder = folder_of(request.cwd, request.folder, environ)
        workspace = _workspace_above(folder, request.environ)
        if workspace and _within(folder, workspace.root):
            owner = _owner_of_folder(workspace, folder)
            if needs_database:
                name = f"{short_name(workspace, owner)}@{LOCAL}" if owner else "service@environment"
                hint = f"name a target ({name}), or give --dsn too"
                raise TargetError(
                    "--dir alone does not say which database is meant in a workspace", hint=hint
                )
            if owner:
                return Resolution(
                    [target_of(workspace, owner, LOCAL)], workspace, workspace.root, "--dir", []
                )
    return _plain(request, environ, needs_database=needs_database)


def _plain(request: Request, environ: Environ, *, needs_database: bool) -> Resolution:
    folder = folder_of(request.cwd, request.folder, environ)
    root = project_of(folder)
    target = target_of_folder(folder, request.cwd, environ)
    if not needs_database:
        return Resolution([target], None, root, "the folder", [])
    if request.dsn is not None:
        return Resolution([with_dsn(target, Dsn(request.dsn), "--dsn")], None, root, "--dsn", [])
    notices = environ.notices()
    if found := connection_in(environ):
        return Resolution([with_dsn(target, *found)], None, root, found[1], notices)
    hint = f"give --dsn, or set {' or '.join(DSN_VARIABLES)}"
    _refuse_unattended(request.environ, "no database is named", hint)
    return Resolution([target], None, root, "nothing else being named", notices)


def _around(folder: str, workspace: Workspace, environ: Environ) -> Resolution:
    """The embedded server's databases of the service whose folder one stands in, else of all services."""
    databases = _databases_around(workspace, folder) or owned_databases(workspace)
    if not databases:
        hint = "greylag init adds the migrations it finds"
        raise TargetError(f"no service in {workspace.path} migrates a database", hint=hint)
    targets = [target_of(workspace, database, LOCAL) for database in databases]
    return Resolution(targets, workspace, workspace.root, "the working folder", _unused(environ))


def _databases_around(workspace: Workspace, folder: str) -> list[Database]:
    """Databases whose migrations one stands in, else those of the innermost service one stands in."""
    databases = [each for each in owned_databases(workspace) if _within(folder, each.folder)]
    if databases:
        return databases
    services = [each for each in workspace.services.values() if each.folder != workspace.root]
    around = [each for each in services if _within(folder, each.folder)]
    return max(around, key=lambda each: len(each.folder)).owned if around else []


def _owner_of_folder(workspace: Workspace, folder: str) -> Database | None:
    real = os.path.realpath(folder)
    return next((each for each in owned_databases(workspace) if os.path.realpath(each.folder) == real), None)


def _within(folder: str, above: str) -> bool:
    folder, above = os.path.realpath(folder), os.path.realpath(above)
    return folder == above or folder.startswith(above.rstrip("/") + "/")


def _refuse_unattended(environ: Mapping[str, str], problem: str, hint: str) -> None:
    for name in _UNATTENDED:
        if environ.get(name):
            raise TargetError(
                f"{problem}, and the embedded server is not used where {name} is set", hint=hint
            )


def _unused(environ: Environ) -> list[str]:
    """What a newcomer expects to be used, and in a workspace is not."""
    rule = "is set and not used: in a workspace the target says which database is meant"
    return [f"{environ.source(name)} {rule}" for name in DSN_VARIABLES if environ.get(name)]
