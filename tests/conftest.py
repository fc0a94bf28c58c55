"""What every test may use, and what no test inherits from the shell it is started in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = [
    "tests.plugins.embedded",
    "tests.plugins.peers",
    "tests.plugins.postgres",
    "tests.plugins.prisma",
    "tests.plugins.clickhouse",  # after the one it imports from
    "tests.plugins.cluster18",  # after the ones it imports from
    "tests.plugins.emulated_cluster",  # after the ones it imports from
    "tests.plugins.pgbouncer",  # after the one it imports from
    "tests.plugins.bench",
    "tests.plugins.wire",
]

NAMES = ("CI", "KUBERNETES_SERVICE_HOST", "DATABASE_URL", "NO_COLOR", "FORCE_COLOR")
PREFIXES = ("GOOSE_", "PG", "GREYLAG_")
KEPT = ("GREYLAG_GOOSE",)
"""Says where the real goose is: a fact about the machine."""


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Take away every variable that changes what greylag, goose or libpq do."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name not in KEPT and (name in NAMES or name.startswith(PREFIXES)):
                patch.delenv(name)
        yield
