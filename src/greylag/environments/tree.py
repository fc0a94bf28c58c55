"""What a repository's folders say about its services: where goose migrations are, and for which engine."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SERVICE_FOLDERS = ("services", "apps")
"""Folders that hold a folder per service."""

MIGRATION_FOLDERS = ("migrations", "db/migrations")
"""Where a service keeps its migrations. With none in the folder itself, each subfolder is a database."""

ENGINE_MARKS = {
    "clickhouse": re.compile(r"\bENGINE\s*=\s*\w*MergeTree\b|\bON\s+CLUSTER\b", re.IGNORECASE),
    "sqlite": re.compile(
        r"\bAUTOINCREMENT\b|(?m:^\s*PRAGMA\b)|\)\s*(?:STRICT|WITHOUT\s+ROWID)\s*;", re.IGNORECASE
    ),
}
"""What only one engine understands; PostgreSQL where nothing is found."""

_CLUSTER = re.compile(r"\bON\s+CLUSTER\s+(?:'([^']+)'|(\w+))", re.IGNORECASE)
_MIGRATION = re.compile(r"[0-9]+_.*\.sql")
_READ_FILES, _READ_BYTES = 20, 65_536


class FoundDatabase(NamedTuple):
    """A folder of migrations. ``service_folder`` is relative to the root, ``migrations`` to that.

    ``part`` is the subfolder's name where a service has several databases; ``files`` counts migrations, and
    an empty folder is one without any yet.
    """

    service: str
    service_folder: str
    migrations: str
    part: str
    engine: str
    cluster: str
    files: int


def scan(root: str, parents: Iterable[str] = SERVICE_FOLDERS) -> list[FoundDatabase]:
    """Every database of the root itself and of the services in ``parents``, by name. Writes nothing."""
    service_folders = ["."]
    for parent in dict.fromkeys(parents):
        service_folders += [f"{parent}/{name}" for name in _folders(os.path.join(root, parent))]
    return [
        database
        for service_folder in service_folders
        for migrations in MIGRATION_FOLDERS
        for database in _databases(root, service_folder, migrations)
    ]


def _databases(root: str, service_folder: str, migrations: str) -> Iterator[FoundDatabase]:
    folder = os.path.join(root, service_folder, migrations)
    name = os.path.basename(os.path.abspath(os.path.join(root, service_folder)))
    if _is_empty(folder):  # made for migrations that are still to be written
        yield FoundDatabase(name, service_folder, migrations, "", "postgres", "", 0)
    for part in [""] if _migrations(folder) else _folders(folder):
        if files := _migrations(os.path.join(folder, part)):
            engine, cluster = _engine(files)
            below = f"{migrations}/{part}" if part else migrations
            yield FoundDatabase(name, service_folder, below, part, engine, cluster, len(files))


def _is_empty(folder: str) -> bool:
    try:
        return all(name.startswith(".") for name in os.listdir(folder))
    except OSError:
        return False


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(
                entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")
            )
    except OSError:
        return []


def _migrations(folder: str) -> list[str]:
    try:
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if _MIGRATION.fullmatch(name))
    except OSError:
        return []


def _engine(files: list[str]) -> tuple[str, str]:
    """Engine and ClickHouse cluster, by the first files' text."""
    texts = [_head(path) for path in files[:_READ_FILES]]
    for engine, mark in ENGINE_MARKS.items():
        if any(mark.search(text) for text in texts):
            clusters = (_CLUSTER.search(text) for text in texts)
            found = next((cluster for cluster in clusters if cluster), None)
            return engine, (found[1] or found[2]) if found else ""
    return "postgres", ""


def _head(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(_READ_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
