"""The password file (``.pgpass``), by the rules of jackc/pgpassfile."""

from __future__ import annotations


def find_password(path: str, host: str, port: str, database: str, user: str) -> str:
    """The password of the first line that fits, or an empty text; a file that cannot be read has no lines."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            lines = file.read().split("\n")
    except OSError:
        return ""
    for line in lines:
        parts = _split(line.strip())
        if len(parts) == 5 and all(
            part in ("*", wanted)
            for part, wanted in zip(parts[:4], (host, port, database, user), strict=True)
        ):
            return parts[4]
    return ""


def _split(line: str) -> list[str]:
    if line.startswith("#"):
        return []
    # The two characters that stand in for escapes cannot occur in a line.
    hidden = line.replace("\\\\", "\r").replace("\\:", "\n")
    return [part.replace("\r", "\\").replace("\n", ":") for part in hidden.split(":")]
