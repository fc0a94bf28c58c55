"""The connection service file (``.pg_service.conf``), by the rules of jackc/pgservicefile."""

from __future__ import annotations

from greylag.databases.postgres.conninfo import canonical


def read_service(path: str, name: str) -> dict[str, str]:
    """The settings of the last section ``name``. Raises ValueError in pgx's words."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            sections = _read_sections(file.read())
    except (OSError, ValueError):
        raise ValueError(f"failed to read service file: {path}") from None
    if name not in sections:
        raise ValueError(f"unable to find service: {name}")
    return sections[name]


def _read_sections(text: str) -> dict[str, dict[str, str]]:
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] | None = None
    for raw in text.split("\n"):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = sections[line[1:-1]] = {}
            continue
        key, equals, value = line.partition("=")
        if section is None or not equals:
            raise ValueError(line)
        section[canonical(key.strip())] = value.strip()
    return sections
