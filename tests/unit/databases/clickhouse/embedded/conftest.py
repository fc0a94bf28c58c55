"""Embedded engines over folders of a test, ended with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.embedded.link import EmbeddedLink
from greylag.databases.clickhouse.wire import Patience
from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from greylag.databases.base import Deadline

    Links = Callable[..., EmbeddedLink]


@pytest.fixture
def links(tmp_path: Path) -> Iterator[Links]:
    """Give the rest of a connection string and the list for what is said, get a link to ``tmp_path/db``."""
    if not is_there():
        pytest.skip(MISSING)
    made: list[EmbeddedLink] = []

    def make(rest: str = "", said: list[str] | None = None, deadline: Deadline | None = None) -> EmbeddedLink:
        settings = read_dsn(f"chdb://{tmp_path}/db{rest}")
        heard = said if said is not None else []
        made.append(EmbeddedLink(settings, Patience(deadline, None), lambda told: heard.append(told.text)))
        return made[-1]

    yield make
    for link in made:
        link.close()
