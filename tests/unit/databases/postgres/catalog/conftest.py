"""A database that is looked at before and after a change, and what the two Catalogs differ in."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.postgres.session import PostgresSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.model.catalog.catalog import Catalog
    from tests.plugins.postgres import PostgresServer

    Differences = dict[str, tuple[Any, Any]]
    """Path (``tables.t.columns.a.nullable``) to the values before and after; None for what is not there."""

_numbers = itertools.count(1)


class Place:
    """A fresh database and a session on it."""

    def __init__(self, url: str) -> None:
        import psycopg

        self.url = url
        self.session = PostgresSession(url, "goose_db_version")
        self._connection = psycopg.connect(url, autocommit=True)

    def run(self, ddl: str) -> None:
        self._connection.execute(ddl)

    def look(self, ddl: str = "", **named: Any) -> Catalog:
        """What the database is once ``ddl`` has run."""
        if ddl:
            self.run(ddl)
        return self.session.catalog(**named)

    def change(self, before: str, ddl: str) -> Differences:
        """What ``ddl`` changes in a database made by ``before``."""
        first = self.look(before)
        assert difference(first, self.look()) == {}
        return difference(first, self.look(ddl))

    def close(self) -> None:
        self.session.close()
        self._connection.close()


def difference(old: Any, new: Any) -> Differences:
    """Every fact in which two records are not the same."""
    return dict(_walk("", old, new))


def _walk(path: str, old: Any, new: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
    if old == new:
        return
    if hasattr(old, "_fields") and type(old) is type(new):
        for field in old._fields:
            yield from _walk(f"{path}.{field}".lstrip("."), getattr(old, field), getattr(new, field))
    elif _are_named(old) and _are_named(new):
        olds, news = _by_name(old), _by_name(new)
        assert len(olds) == len(old)
        assert len(news) == len(new)
        for name in {**olds, **news}:
            yield from _walk(f"{path}.{name}", olds.get(name), news.get(name))
        if olds.keys() == news.keys() and list(olds) != list(news):
            yield f"{path} order", (tuple(olds), tuple(news))
    else:
        yield path, (old, new)


def _are_named(value: Any) -> bool:
    return isinstance(value, tuple) and all(hasattr(each, "name") for each in value)


def _by_name(records: Any) -> dict[str, Any]:
    return {_name(record): record for record in records}


def _name(record: Any) -> str:
    schema = getattr(record, "schema", "")
    name = record.name if schema in ("", "public") else f"{schema}.{record.name}"
    return f"{name}({record.arguments})" if hasattr(record, "arguments") else str(name)


_EMPTY = """DO $$ DECLARE name text; BEGIN
FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
  EXECUTE format('DROP SCHEMA %I CASCADE', name);
END LOOP; CREATE SCHEMA public; END $$"""


@pytest.fixture(scope="module")
def shared(postgres: PostgresServer) -> Iterator[Place]:
    """A database for a whole module: making one takes longer than most tests."""
    import psycopg

    name = f"catalog_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        made = Place(postgres.url(name))
        yield made
        made.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def place(shared: Place) -> Place:
    """A database in which nobody has made anything in a schema."""
    shared.run("SET client_min_messages = warning")
    shared.run(_EMPTY)
    return shared


@pytest.fixture
def fresh(database: str) -> Iterator[Place]:
    """A database as the server makes it, for what is in no schema."""
    made = Place(database)
    yield made
    made.close()


@pytest.fixture
def change(place: Place) -> Callable[[str, str], Differences]:
    """What a statement changes: see Place.change."""
    return place.change
