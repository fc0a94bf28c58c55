"""One database of one service in one environment, and the folder of migrations meant for it."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.dsn import Dsn
    from greylag.model.spread import Spread
    from greylag.model.workspace import KubernetesSecret, Vault


class SecretPlaces(NamedTuple):
    """Where a target's connection string may be found; patterns are filled in.

    ``variables`` are the environment variables that may hold it, the most telling first.
    """

    order: tuple[str, ...]
    variables: tuple[str, ...]
    vault: Vault
    kubernetes: KubernetesSecret
    namespace: str


class Target(NamedTuple):
    """What a verb works on. ``name`` is how one types it (``auth-service@dev``) and unlike any other's.

    ``folder`` is absolute. ``database`` is the database's name in this environment, empty when only the
    connection string says it. A folder outside every workspace has no ``service``, ``key`` and ``secrets``.
    ``dsn`` is set when it was given, with ``source`` saying where ("--dsn", "DATABASE_URL in .env"); else it
    is fetched at the moment of connecting. ``spread`` is the cluster of ClickHouse it is on, if it is on one.
    """

    name: str
    service: str
    key: str
    environment: str
    engine: str
    folder: str
    table: str
    database: str
    protected: bool
    replace_database: bool
    secrets: SecretPlaces | None
    dsn: Dsn | None = None
    source: str = ""
    spread: Spread | None = None


class Connection(NamedTuple):
    """How to reach a target. Without ``dsn`` it is the embedded server's database ``database``.

    ``source`` completes the sentence "from …" in the first line of output.
    """

    dsn: Dsn | None
    database: str
    source: str
