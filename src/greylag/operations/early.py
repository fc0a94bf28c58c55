"""Starting ahead what takes long to start, when a command is about to visit several databases."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from greylag.environments.connections import connection_of
from greylag.errors import GreylagError
from greylag.operations.connect import engine_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.environments.resolution import Resolution

_AT_ONCE = 2
"""Engines loaded beside each other: each takes a quarter of a second, and memory until it is its turn."""


def start_ahead(resolution: Resolution, environ: Mapping[str, str]) -> None:
    """Start the engines of the first embedded ClickHouse databases; the databases before them need a while.

    Nothing is raised: what is wrong with a target is told when it is its turn.
    """
    if len(resolution.targets) < 2:
        return
    local = [
        target
        for target in resolution.targets
        if target.engine == "clickhouse" and target.environment == "local" and target.dsn is None
    ]
    for target in local[:_AT_ONCE]:
        with contextlib.suppress(GreylagError):
            words = engine_words()
            connection = connection_of(target, resolution.workspace, resolution.root, environ, words)
            if connection.dsn is not None and os.path.isdir(target.folder):
                from greylag.databases.clickhouse.embedded.early import start_early

                start_early(connection.dsn.reveal())
