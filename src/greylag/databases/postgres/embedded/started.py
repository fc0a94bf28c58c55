"""What a server was started from, written down beside its data for those who come later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.databases.postgres.embedded.places import Place


@dataclass(frozen=True)
class Start:
    """``source`` names a source, ``bin`` is its folder of programs, ``idle_seconds`` may pass unused."""

    source: str
    version: str
    bin: str
    idle_seconds: float


def read_start(place: Place) -> Start | None:
    """What the server was last started from; None before its first start."""
    try:
        return Start(**json.loads(place.started_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_start(place: Place, start: Start) -> None:
    """Write down what the server is about to be started from."""
    write_whole(place.started_file, json.dumps(asdict(start)))


def write_whole(path: Path, text: str) -> None:
    """Write ``path`` so that readers find the old text or the new one, never a part."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
