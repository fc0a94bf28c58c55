"""What the keys of ``greylag.toml`` must not say together, each being right alone."""

from __future__ import annotations

from greylag.environments.nearest import did_you_mean
from greylag.environments.secrets.variables import variable_names
from greylag.environments.targets import database_name, owned_databases
from greylag.model.workspace import LOCAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.environments.document import Document
    from greylag.errors import WorkspaceError
    from greylag.model.workspace import Database, Workspace

_OWNERS_KEYS = ("engine", "migrations", "table", "cluster", "retention")


def contradictions(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    """Every contradiction, placed at the key that is best changed."""
    if LOCAL in workspace.environments:
        message = f"{LOCAL!r} is the embedded server and has no table in [environments]"
        yield document.mistake(("environments", LOCAL), message, "give this environment another name")
    for check in (_owners, _retentions, _shared_folders, _local_names, _names_in_environments, _variables):
        yield from check(workspace, document)


def _path(database: Database) -> tuple[str, ...]:
    return ("services", database.service, "databases", database.key)


def _owners(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    for service in workspace.services.values():
        for database in service.databases.values():
            if database.owner != service.name:
                yield from _owner(workspace, document, database)


def _owner(workspace: Workspace, document: Document, database: Database) -> Iterator[WorkspaceError]:
    key, owner, path = database.key, database.owner, _path(database)
    if owner not in workspace.services:
        message = f"there is no service {owner!r} to own {key!r}"
        yield document.mistake((*path, "owner"), message, did_you_mean(owner, workspace.services))
    elif key not in (theirs := workspace.services[owner].databases):
        message = f"{owner} has no database {key!r}, which {database.service} uses"
        yield document.mistake((*path, "owner"), message, did_you_mean(key, theirs))
    elif theirs[key].owner != owner:
        message = f"{owner} does not own {key!r} either: it names {theirs[key].owner}"
        yield document.mistake((*path, "owner"), message, "name the service that migrates it")
    for name in _OWNERS_KEYS:
        if document.has(*path, name):
            message = f"{name!r} of {key!r} is for its owner {owner} to say, not for {database.service}"
            yield document.mistake((*path, name), message, f"move it to [services.{owner}.databases.{key}]")


def _retentions(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    for database in owned_databases(workspace):
        least, most = database.retention
        if least and most and least.seconds > most.seconds:
            message = f"rows of {database.key!r} are kept at least {least} and at most {most}"
            yield document.mistake((*_path(database), "retention", "min"), message, "swap the two")


def _shared_folders(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    """A second database that does not say where its migrations are would be given the first one's."""
    for service in workspace.services.values():
        silent = [each for each in service.owned if not document.has(*_path(each), "migrations")]
        for database in silent[1:]:
            key = database.key
            message = f"{service.name} has several databases: which migrations are for {key!r} is not said"
            hint = f'for example: {key} = {{ migrations = "migrations/{key}" }}'
            yield document.mistake(_path(database), message, hint)


def _local_names(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    """The embedded server holds the databases of all services, each called by its key."""
    first: dict[tuple[str, str], str] = {}
    for database in owned_databases(workspace):
        other = first.setdefault((database.engine, database.key), database.service)
        if other != database.service:
            message = (
                f"{other} and {database.service} both migrate {database.key!r}: locally they would be one"
            )
            hint = f'if they are one database, say owner = "{other}" here; if not, rename one'
            yield document.mistake(_path(database), message, hint)


def _names_in_environments(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    """Databases of one service share a server, so their names there must differ."""
    for environment in workspace.environments.values():
        first: dict[tuple[str, str, str], str] = {}
        for database in owned_databases(workspace):
            name = database_name(workspace, database, environment.name)
            other = first.setdefault((database.service, database.engine, name), database.key)
            if other != database.key:
                both = f"{other!r} and {database.key!r} of {database.service}"
                message = f"{both} are both called {name!r} in {environment.name}"
                path = ("environments", environment.name, "database", database.engine)
                yield document.mistake(path, message, "put {database} into the pattern")


def _variables(workspace: Workspace, document: Document) -> Iterator[WorkspaceError]:
    """Two targets that read one variable could be given each other's connection string."""
    for environment in workspace.environments:
        readers: dict[str, Database] = {}
        for database in owned_databases(workspace):
            only = len(workspace.services[database.service].owned) == 1
            for name in variable_names(database.service, database.key, environment, only=only):
                other = readers.setdefault(name, database)
                if other is not database:
                    both = f"{other.service}/{other.key} and {database.service}/{database.key}"
                    message = f"{both} would both read {name} in {environment}"
                    yield document.mistake(_path(database), message, "rename one of them")
