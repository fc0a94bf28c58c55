"""The workspace: finding ``greylag.toml`` and making values of it."""

from __future__ import annotations

import os

from greylag.environments.consistency import contradictions
from greylag.environments.document import Document, raise_first
from greylag.environments.kinds import fill
from greylag.environments.settings import ENGINES
from greylag.errors import WorkspaceError
from greylag.model.location import Location
from greylag.model.workspace import (
    ApplySettings,
    Argocd,
    Backup,
    Database,
    Environment,
    Gitops,
    KubernetesSecret,
    Retention,
    SchemaSettings,
    Secrets,
    Service,
    Vault,
    Workspace,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FILE_NAME = "greylag.toml"
VARIABLE = "GREYLAG_CONFIG"
"""Names another config file than the one found by walking up."""


def find_config(folder: str, environ: Mapping[str, str]) -> str | None:
    """The config file that counts in ``folder``: the one named by GREYLAG_CONFIG, else the nearest above.

    Raises WorkspaceError when GREYLAG_CONFIG names a file that is not there.
    """
    if named := environ.get(VARIABLE):
        path = os.path.abspath(os.path.join(folder, named))
        if not os.path.isfile(path):
            hint = f"unset {VARIABLE}, or let it name a {FILE_NAME}"
            raise WorkspaceError(f"{VARIABLE} names a file that is not there: {named}", hint=hint)
        return path
    return config_above(folder)


def config_above(folder: str) -> str | None:
    """The nearest ``greylag.toml`` in a folder or above it."""
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, FILE_NAME)
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def load(path: str) -> Workspace:
    """Read a config file. Raises WorkspaceError, placed in the file, for anything that is wrong with it."""
    shown = _shown(path)
    return parse(_read(path, shown), path, shown)


def parse(text: str, path: str, shown: str) -> Workspace:
    """Make a workspace of a config file's text; messages call the file ``shown``. Raises WorkspaceError."""
    document = Document(text, shown)
    workspace = _Builder(document, path).workspace()
    raise_first(list(contradictions(workspace, document)))
    return workspace


def _read(path: str, shown: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise WorkspaceError(
            f"cannot read the config file: {error.strerror}", where=Location(shown)
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        where = Location(shown, line, column)
        raise WorkspaceError("this is no UTF-8 text", where=where, hint="save the file as UTF-8") from None


def _shown(path: str) -> str:
    """The path as one would type it from here."""
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):  # no working folder, or another drive
        return path


class _Builder:
    """Makes the values of a checked document; the document's kinds have seen to their types."""

    def __init__(self, document: Document, path: str) -> None:
        self.path = os.path.abspath(path)
        self.root = os.path.dirname(self.path)
        self.document = document
        self.name = self.text("workspace", "name") or os.path.basename(self.root)
        self.services_folder = os.path.join(self.root, self.text("workspace", "services"))

    def get(self, *path: str) -> Any:
        return self.document.get(*path)

    def text(self, *path: str) -> str:
        return str(self.get(*path) or "")

    def workspace(self) -> Workspace:
        return Workspace(
            path=self.path,
            root=self.root,
            name=self.name,
            services_folder=self.services_folder,
            registry=self.text("workspace", "registry"),
            image=self.text("workspace", "image"),
            environments={name: self.environment(name) for name in self.document.names("environments")},
            services={name: self.service(name) for name in self.document.names("services")},
            apply=ApplySettings(
                self.get("apply", "lock_timeout"),
                self.get("apply", "lock_budget"),
                self.get("apply", "lock_wait"),
                self.text("apply", "out_of_order") == "allow",
            ),
            secrets=self.secrets(),
            schema=SchemaSettings(
                bool(self.get("schema", "sync")),
                bool(self.get("schema", "camel")),
                tuple(self.get("schema", "leave_out") or ()),
            ),
            gitops=Gitops(*(self.text("gitops", key) for key in Gitops._fields)),
            argocd=Argocd(*(self.text("argocd", key) for key in Argocd._fields)),
            local_programs=self.absolute(self.text("local", "bin")),
        )

    def environment(self, name: str) -> Environment:
        path = ("environments", name)
        return Environment(
            name=name,
            branch=self.text(*path, "branch"),
            namespace=fill(self.text(*path, "namespace"), workspace=self.name, environment=name),
            databases={engine: self.text(*path, "database", engine) for engine in ENGINES},
            protected=bool(self.get(*path, "protected")),
            require_backup=self.get(*path, "require_backup"),
            backup=Backup(self.get(*path, "backup", "every"), self.get(*path, "backup", "keep")),
            secrets=self.secrets(*path),
        )

    def secrets(self, *above: str) -> Secrets:
        """``[secrets]``, with what the environment at ``above`` says otherwise."""

        def value(*path: str) -> Any:
            return (above and self.get(*above, "secrets", *path)) or self.get("secrets", *path)

        return Secrets(
            order=value("order"),
            replace_database=value("dsn_database") == "replace",
            vault=Vault(*(value("vault", key) or "" for key in Vault._fields)),
            kubernetes=KubernetesSecret(
                *(value("kubernetes", key) or "" for key in KubernetesSecret._fields)
            ),
        )

    def service(self, name: str) -> Service:
        folder = self.text("services", name, "folder") or os.path.join(self.services_folder, name)
        keys = self.document.names("services", name, "databases")
        return Service(name, self.absolute(folder), {key: self.database(name, key) for key in keys})

    def database(self, service: str, key: str) -> Database:
        mine = ("services", service, "databases", key)
        owner = self.text(*mine, "owner") or service
        path = ("services", owner, "databases", key)
        folder = self.text("services", owner, "folder") or os.path.join(self.services_folder, owner)
        kept = self.get(*path, "retention")
        return Database(
            service=service,
            key=key,
            owner=owner,
            engine=self.text(*path, "engine"),
            folder=self.absolute(os.path.join(folder, self.text(*path, "migrations"))),
            table=self.text(*path, "table"),
            prisma=self.absolute(os.path.join(folder, self.text(*path, "prisma") or self.prisma(owner, key))),
            cluster=self.text(*path, "cluster"),
            replicated_history=self.get(*path, "replicated_history") is not False,
            retention=Retention(
                kept or self.get(*path, "retention", "min"), kept or self.get(*path, "retention", "max")
            ),
            vault=self.given(Vault._fields, *mine, "vault"),
            kubernetes=self.given(KubernetesSecret._fields, *mine, "kubernetes"),
        )

    def prisma(self, service: str, key: str) -> str:
        """Where a database's schema.prisma lies in the service's folder unless the file says otherwise."""
        keys = self.document.names("services", service, "databases")
        owned = [each for each in keys if not self.text("services", service, "databases", each, "owner")]
        return os.path.join("prisma", *([key] if len(owned) > 1 else []), "schema.prisma")

    def given(self, keys: tuple[str, ...], *path: str) -> dict[str, str]:
        return {key: self.text(*path, key) for key in keys if self.document.has(*path, key)}

    def absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.root, path)) if path else ""
