"""Two databases that are emptied between examples."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.session import PostgresSession
from tests.properties.bench import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugins.postgres import PostgresServer


def _bench(postgres: PostgresServer, name: str) -> Iterator[Bench]:
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        url = postgres.url(name)
        with (
            psycopg.connect(url, autocommit=True) as connection,
            closing(PostgresSession(url, "")) as session,
        ):
            yield Bench(connection, session)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="module")
def bench(postgres: PostgresServer) -> Iterator[Bench]:
    yield from _bench(postgres, "properties_one")


@pytest.fixture(scope="module")
def other_bench(postgres: PostgresServer) -> Iterator[Bench]:
    yield from _bench(postgres, "properties_other")
