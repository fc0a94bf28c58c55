"""Every key ``greylag.toml`` may hold: one table drives validation, suggestions and the reference page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.environments.kinds import DURATION, FOLDER, NAMES, TEXT, YES_NO, choice, pattern, words_of

if TYPE_CHECKING:
    from greylag.environments.kinds import Kind


class Setting(NamedTuple):
    """A key: its path (``*`` is a name of the user's), what it takes, what it means, a value to copy.

    ``default`` is in TOML's own types; None means "not set", and then ``otherwise`` says what holds instead.
    A key that is for ``later`` is checked and kept for verbs that this version does not have.
    """

    path: str
    kind: Kind
    meaning: str
    example: object
    default: object = None
    otherwise: str = ""
    later: bool = False


SECTIONS = {
    "workspace": "What this repository is.",
    "environments.*": (
        "One table per environment, named as targets name it (`auth-service@dev`). `local` is always there "
        "and needs no table: it is the embedded server, where a database is called what its key says."
    ),
    "apply": "How migrations are applied.",
    "secrets": (
        "Where the connection string of a target comes from; it never stands in this file. `env` is read by "
        "greylag itself; for `vault` and `kubernetes` an error names the variable to set and the command "
        "that gives its value."
    ),
    "environments.*.secrets": "What differs from `[secrets]` in one environment.",
    "schema": "How `greylag schema pull` writes `schema.prisma` from a PostgreSQL database.",
    "gitops": "The repository that says what runs where.",
    "argocd": "The Argo CD that rolls it out.",
    "services.*": "One table per service.",
    "services.*.databases.*": (
        "One table per database of a service, named by its key. An empty table is enough for a PostgreSQL "
        "database whose migrations are in the service's folder `migrations`. `vault` and `kubernetes` say "
        "what differs from `[secrets]`."
    ),
    "local": "The embedded server.",
}
"""Tables of the file, in the order in which the reference page tells them."""

ENGINES = {"postgres": "PostgreSQL", "sqlite": "SQLite", "clickhouse": "ClickHouse"}
"""Engines a config may name, with their titles; whether this build has one is asked on connecting."""

_PLACE = pattern("workspace", "service", "database", "environment", "engine")
_DATABASE_NAME = pattern("workspace", "service", "database", "environment")
_IMAGE = pattern("registry", "workspace", "service", "environment", "branch", "sha")
_NAMESPACE = pattern("workspace", "environment")
_VALUES_FILE = pattern("cluster", "workspace", "service", "environment")
_APPLICATION = pattern("workspace", "service", "environment")
_IMAGE_NAME = "{registry}/{service}:{branch}-{sha}"
_APPLICATION_NAME = "{workspace}-{service}-{environment}"


def _under(table: str, *rows: Setting) -> tuple[Setting, ...]:
    return tuple(row._replace(path=f"{table}.{row.path}") for row in rows)


def _overriding(table: str, *rows: Setting) -> tuple[Setting, ...]:
    """The same keys in another table, where "not set" means "as in ``[secrets]``"."""
    return _under(table, *(row._replace(default=None, otherwise="as in `[secrets]`") for row in rows))


def _later(*rows: Setting) -> tuple[Setting, ...]:
    return tuple(row._replace(later=True) for row in rows)


_WORKSPACE = (
    Setting("name", TEXT, "The workspace's name, for patterns.", "my-girok", otherwise="the folder's name"),
    Setting("services", FOLDER, "Folder that holds a folder per service.", "services", "services"),
    *_later(
        Setting("registry", TEXT, "Registry of images, for `image`.", "registry.example.com/team"),
        Setting("image", _IMAGE, "Name of a service's image.", _IMAGE_NAME, _IMAGE_NAME),
    ),
)

_ENVIRONMENT = (
    Setting("namespace", _NAMESPACE, "Kubernetes namespace.", "dev-my-girok", "{environment}-{workspace}"),
    *(
        Setting(
            f"database.{engine}",
            _DATABASE_NAME,
            f"Names of {title} databases.",
            "{database}_dev",
            "{database}",
        )
        for engine, title in ENGINES.items()
    ),
    Setting("protected", YES_NO, "Writing asks for the target's name; `down` is refused.", True, False),
    *_later(
        Setting("branch", TEXT, "Branch that is rolled out here; may hold `*`.", "release/*"),
        Setting("require_backup", DURATION, "No write without a backup younger than this.", "1 hour"),
        Setting("backup.every", DURATION, "How often a backup is taken.", "1 day"),
        Setting("backup.keep", DURATION, "How long a backup is kept.", "7 days"),
    ),
)

_APPLY = (
    Setting(
        "lock_timeout",
        DURATION,
        "How long a statement that others would queue behind waits for its lock.",
        "2s",
        "2s",
    ),
    Setting(
        "lock_budget",
        DURATION,
        "How long a file is tried again when a lock was not to be had.",
        "10min",
        "10min",
    ),
    Setting("lock_wait", DURATION, "How long a run waits for another runner to end.", "5min", "5min"),
    Setting(
        "out_of_order",
        choice("refuse", "allow"),
        "Whether a file older than the newest applied one is run.",
        "refuse",
        "refuse",
    ),
)

_REFERENCES = (
    Setting("vault.address", TEXT, "Address of the Vault server.", "https://vault.example.com"),
    Setting("vault.mount", TEXT, "Mount of the key-value store.", "secret", "secret"),
    Setting(
        "vault.path", _PLACE, "Path of the secret below the mount.", "apps/{workspace}/{service}/{engine}"
    ),
    Setting("vault.field", TEXT, "Field that holds the connection string.", "url", "url"),
    Setting("kubernetes.name", _PLACE, "Name of the Secret.", "{workspace}-{environment}-{service}-secret"),
    Setting("kubernetes.key", TEXT, "Key that holds the connection string.", "database-url", "database-url"),
)

_SECRETS = (
    Setting(
        "order",
        words_of("env", "vault", "kubernetes"),
        "Sources that are asked for a connection string; the first that answers is taken.",
        ["env", "vault"],
        ["env"],
    ),
    Setting(
        "dsn_database",
        choice("must-match", "replace"),
        "What happens when the connection string names another database than this file: it is refused, or "
        "the right name is put in (one credential for several databases of a service).",
        "replace",
        "must-match",
    ),
    *_REFERENCES,
)

_SCHEMA = (
    Setting(
        "sync",
        YES_NO,
        "Whether `greylag up` (and `down`, `redo`, `reset`) on a local target pulls `schema.prisma` right "
        "away.",
        True,
        False,
    ),
    Setting(
        "camel",
        YES_NO,
        "Whether what is new is named `model User` with `createdAt`, not `users` with `created_at`. A file "
        "that was begun so goes on so.",
        True,
        False,
    ),
    Setting("leave_out", NAMES, "Tables and views that no model is made of.", ["tmp_*", "audit.*"], []),
)

_GITOPS = _later(
    Setting("repository", FOLDER, "Checkout of the GitOps repository.", "../platform-gitops"),
    Setting("cluster", TEXT, "Cluster, for patterns.", "home"),
    Setting("branch", TEXT, "Branch that is written to.", "develop"),
    Setting(
        "values",
        _VALUES_FILE,
        "A service's values file in that repository.",
        "clusters/{cluster}/values/{workspace}-{service}-{environment}.yaml",
    ),
)

_ARGOCD = _later(
    Setting("address", TEXT, "Address of the Argo CD server.", "https://argocd.example.com"),
    Setting("application", _APPLICATION, "A service's application.", _APPLICATION_NAME, _APPLICATION_NAME),
)

_DATABASE = (
    Setting("engine", choice(*ENGINES), "The engine.", "clickhouse", "postgres"),
    Setting("migrations", FOLDER, "Folder in the service's folder.", "migrations/auth", "migrations"),
    Setting("table", TEXT, "The version table.", "app.goose_db_version", "goose_db_version"),
    Setting(
        "prisma",
        FOLDER,
        "Its `schema.prisma`, in the service's folder.",
        "prisma/auth/schema.prisma",
        otherwise="`prisma/schema.prisma`; with the database's name between, where a service has several",
    ),
    Setting(
        "owner",
        TEXT,
        "The service that migrates this database; here it is only used.",
        "legal-service",
        otherwise="this service",
    ),
    Setting(
        "cluster",
        TEXT,
        "ClickHouse cluster of its tables, except in `local`: journal and lock are on all of its hosts.",
        "my_cluster",
    ),
    Setting(
        "replicated_history",
        YES_NO,
        "Whether the version table, too, is made on all hosts of the cluster.",
        False,
        True,
    ),
    Setting(
        "retention",
        DURATION,
        "How long rows of its ClickHouse tables are kept, for `greylag retention` and `doctor` to look at.",
        "5 years",
    ),
    Setting("retention.min", DURATION, "Rows are kept at least this long.", "90 days"),
    Setting("retention.max", DURATION, "Rows are kept at most this long.", "1 year"),
)

_FOLDER_OF_SERVICE = Setting(
    "folder",
    FOLDER,
    "The service's folder, from the root of the repository.",
    "apps/web",
    otherwise="its name in `workspace.services`",
)

_BIN = Setting(
    "bin",
    FOLDER,
    "Folder of PostgreSQL's programs (`initdb`, `pg_ctl`) to use instead of the ones found.",
    "/usr/lib/postgresql/16/bin",
)

SETTINGS: tuple[Setting, ...] = (
    *_under("workspace", *_WORKSPACE),
    *_under("environments.*", *_ENVIRONMENT),
    *_overriding("environments.*.secrets", *_SECRETS),
    *_under("apply", *_APPLY),
    *_under("secrets", *_SECRETS),
    *_under("schema", *_SCHEMA),
    *_under("gitops", *_GITOPS),
    *_under("argocd", *_ARGOCD),
    *_under("services.*", _FOLDER_OF_SERVICE),
    *_under("services.*.databases.*", *_DATABASE),
    *_overriding("services.*.databases.*", *_REFERENCES),
    *_under("local", _BIN),
)
