"""What ``greylag.toml`` says: services, their databases, environments, and where secrets are."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.model.duration import Duration

LOCAL = "local"
"""The environment that is always there: the embedded servers."""


class Retention(NamedTuple):
    """How long rows are kept: at least ``min``, at most ``max``. None: nothing is said."""

    min: Duration | None
    max: Duration | None


class Backup(NamedTuple):
    """How often a backup is taken and how long it is kept."""

    every: Duration | None
    keep: Duration | None


class Vault(NamedTuple):
    """Where in a Vault a connection string is; ``path`` is a pattern and empty when nothing is configured."""

    address: str
    mount: str
    path: str
    field: str


class KubernetesSecret(NamedTuple):
    """Which Secret holds a connection string; ``name`` is a pattern and empty when nothing is configured."""

    name: str
    key: str


class Secrets(NamedTuple):
    """The sources of connection strings in the order in which they are asked."""

    order: tuple[str, ...]
    replace_database: bool
    vault: Vault
    kubernetes: KubernetesSecret


class Environment(NamedTuple):
    """A place where every service runs. ``databases`` gives the pattern of database names per engine."""

    name: str
    branch: str
    namespace: str
    databases: Mapping[str, str]
    protected: bool
    require_backup: Duration | None
    backup: Backup
    secrets: Secrets


class Database(NamedTuple):
    """A database of a service. ``folder`` holds its migrations, ``prisma`` is its schema.prisma (absolute).

    With an ``owner`` other than ``service`` it is only used here: engine, folder and table are the owner's.
    ``vault`` and ``kubernetes`` hold what differs from the environment's secrets, by key.
    """

    service: str
    key: str
    owner: str
    engine: str
    folder: str
    table: str
    prisma: str
    cluster: str
    retention: Retention
    vault: Mapping[str, str]
    kubernetes: Mapping[str, str]
    replicated_history: bool = True


class Service(NamedTuple):
    """A service, its folder (absolute path) and its databases by key, in the order of the file."""

    name: str
    folder: str
    databases: Mapping[str, Database]

    @property
    def owned(self) -> list[Database]:
        """The databases this service migrates."""
        return [each for each in self.databases.values() if each.owner == self.name]


class ApplySettings(NamedTuple):
    """How migrations are applied."""

    lock_timeout: Duration
    lock_budget: Duration
    lock_wait: Duration
    out_of_order: bool


class SchemaSettings(NamedTuple):
    """How schema.prisma is written; ``leave_out`` are names of tables, which may hold ``*``."""

    sync: bool
    camel: bool
    leave_out: tuple[str, ...]


class Gitops(NamedTuple):
    """The repository that says what runs where; ``values`` is a pattern. Empty: not configured."""

    repository: str
    cluster: str
    branch: str
    values: str


class Argocd(NamedTuple):
    """The Argo CD server; ``application`` is a pattern. Empty: not configured."""

    address: str
    application: str


class Workspace(NamedTuple):
    """A repository with its services. ``path`` is the config file and ``root`` its folder, both absolute."""

    path: str
    root: str
    name: str
    services_folder: str
    registry: str
    image: str
    environments: Mapping[str, Environment]
    services: Mapping[str, Service]
    apply: ApplySettings
    secrets: Secrets
    schema: SchemaSettings
    gitops: Gitops
    argocd: Argocd
    local_programs: str
