"""From words like ``auth-service@dev`` to targets."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from greylag.environments.kinds import fill
from greylag.environments.nearest import did_you_mean, nearest
from greylag.environments.secrets.variables import variable_names
from greylag.errors import TargetError
from greylag.model.dsn import Dsn, engine_of
from greylag.model.spread import Spread
from greylag.model.target import SecretPlaces, Target
from greylag.model.workspace import LOCAL, KubernetesSecret, Vault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.model.workspace import Database, Service, Workspace

_WORD = re.compile(r"([^/@\s]+)(?:/([^/@\s]+))?(?:@([^/@\s]+))?")
_GLOB = re.compile(r"[*?\[]")


def select(
    workspace: Workspace, words: Iterable[str], default_environment: str | None = None
) -> list[Target]:
    """The targets that ``service[/database][@environment]`` words mean, each once.

    Their order is that of the words and, within one, of the config file. Every part may be a glob; a glob of
    environments means those of the config, not ``local``. Raises TargetError for a word that means nothing.
    """
    chosen: dict[str, Target] = {}
    for word in words:
        service, key, environment = _split(word)
        environments = _environments(workspace, environment or default_environment or LOCAL)
        for database in _databases(workspace, word, service, key):
            for name in environments:
                target = target_of(workspace, database, name)
                chosen.setdefault(target.name, target)
    return list(chosen.values())


def target_of(workspace: Workspace, database: Database, environment: str) -> Target:
    """The target of a database under its owner in an environment (``local`` or one of the config)."""
    place = workspace.environments.get(environment)
    secrets = place.secrets if place else workspace.secrets
    return Target(
        name=f"{short_name(workspace, database)}@{environment}",
        service=database.service,
        key=database.key,
        environment=environment,
        engine=database.engine,
        folder=database.folder,
        table=database.table,
        database=database_name(workspace, database, environment),
        protected=bool(place and place.protected),
        replace_database=secrets.replace_database,
        secrets=_secret_places(workspace, database, environment) if place else None,
        # what is local is one embedded engine
        spread=Spread(database.cluster, database.replicated_history) if database.cluster and place else None,
    )


def short_name(workspace: Workspace, database: Database) -> str:
    """``service``, with ``/database`` where the service migrates several."""
    only = len(workspace.services[database.service].owned) == 1
    return database.service if only else f"{database.service}/{database.key}"


def database_name(workspace: Workspace, database: Database, environment: str) -> str:
    """What a database is called in an environment; locally it is called what its key says."""
    if environment == LOCAL:
        return database.key
    return _filled(
        workspace.environments[environment].databases[database.engine], workspace, database, environment
    )


def owned_databases(workspace: Workspace) -> list[Database]:
    """The databases of all services, each under the service that migrates it, in the order of the file."""
    return [database for service in workspace.services.values() for database in service.owned]


def _filled(pattern: str, workspace: Workspace, database: Database, environment: str) -> str:
    return fill(
        pattern,
        workspace=workspace.name,
        service=database.service,
        database=database.key,
        environment=environment,
        engine=database.engine,
    )


def _secret_places(workspace: Workspace, database: Database, environment: str) -> SecretPlaces:
    place = workspace.environments[environment]
    vault: Vault = place.secrets.vault._replace(**database.vault)
    kubernetes: KubernetesSecret = place.secrets.kubernetes._replace(**database.kubernetes)
    only = len(workspace.services[database.service].owned) == 1
    return SecretPlaces(
        order=place.secrets.order,
        variables=variable_names(database.service, database.key, environment, only=only),
        vault=vault._replace(path=_filled(vault.path, workspace, database, environment)),
        kubernetes=kubernetes._replace(name=_filled(kubernetes.name, workspace, database, environment)),
        namespace=place.namespace,
    )


def _split(word: str) -> tuple[str, str | None, str | None]:
    if (found := _WORD.fullmatch(word)) and not (engine_of(word) and "://" in word):
        return found[1], found[2], found[3]
    if "://" in word or engine_of(word):
        shown = Dsn(word).masked()
        raise TargetError(
            f"a target is wanted, found the connection string {shown}", hint="put --dsn in front of it"
        )
    shown = repr(word) if word else "an empty word"
    raise TargetError(
        f"{shown} is no target", hint="a target is service@environment or service/database@environment"
    )


def _matching(pattern: str, names: Iterable[str]) -> list[str]:
    if _GLOB.search(pattern):
        return [name for name in names if fnmatchcase(name, pattern)]
    return [name for name in names if name == pattern]


def _environments(workspace: Workspace, pattern: str) -> list[str]:
    if pattern == LOCAL:
        return [LOCAL]
    if found := _matching(pattern, workspace.environments):
        return found
    hint = did_you_mean(pattern, [*workspace.environments, LOCAL])
    raise TargetError(f"no environment {pattern!r} in {workspace.path}", hint=hint)


def _databases(workspace: Workspace, word: str, service: str, key: str | None) -> Sequence[Database]:
    services = [workspace.services[name] for name in _matching(service, workspace.services)]
    if not services:
        raise TargetError(
            f"no service {service!r} in {workspace.path}", hint=_service_hint(workspace, service)
        )
    chosen = [
        database
        for each in services
        for database in each.owned
        if key is None or database.key in _matching(key, [database.key])
    ]
    if chosen:
        return chosen
    if key is None:
        names = ", ".join(each.name for each in services)
        raise TargetError(f"{names} migrates no database", hint="greylag init adds the migrations it finds")
    _refuse_used(services, key, word)
    raise TargetError(
        f"no database {key!r} in {', '.join(each.name for each in services)}",
        hint=did_you_mean(key, [database.key for each in services for database in each.owned]),
    )


def _refuse_used(services: Sequence[Service], key: str, word: str) -> None:
    """A database is migrated by its owner alone."""
    for service in services:
        for database in service.databases.values():
            if database.key == key and database.owner != service.name:
                environment = word.partition("@")[2] or LOCAL
                raise TargetError(
                    f"{service.name} uses {key}, and {database.owner} migrates it",
                    hint=f"the target is {database.owner}/{key}@{environment}",
                )


def _service_hint(workspace: Workspace, word: str) -> str:
    if not workspace.services:
        return "greylag init adds the services it finds"
    likely = nearest(word, workspace.services)
    found = [f"{each.service}/{each.key}" for each in owned_databases(workspace) if each.key == word]
    if likely is None and not found:
        return did_you_mean(word, workspace.services)
    return f"did you mean {' or '.join([*([repr(likely)] if likely else []), *map(repr, found)])}?"
