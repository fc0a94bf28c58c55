"""Schemas made one after the other in a database, and how many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import psycopg

    from greylag.databases.postgres.session import PostgresSession
    from greylag.model.catalog.catalog import Catalog

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


class Bench:
    """A database to make schemas in, one after the other."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]], session: PostgresSession) -> None:
        self._connection = connection
        self._session = session

    def make(self, ddl: str) -> Catalog:
        """The Catalog of what the statements make in an empty database."""
        return self.change(EMPTY + ddl)

    def change(self, ddl: str) -> Catalog:
        """The Catalog after the statements."""
        self._connection.execute(ddl.encode())
        return self._session.catalog()


def examples(count: int) -> settings:
    """The same examples in every run: CI fails for what changed, not for what was drawn."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
    )
