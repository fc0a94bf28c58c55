"""The file as a whole: golden, typed, formatted, and the same schema again when SQLAlchemy makes it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import uuid
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, configure_mappers

from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.databases.postgres.session import PostgresSession
from greylag.databases.sqlite.session import SqliteSession
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.parts import Column, Type
from greylag.model.catalog.tables import Table
from greylag.schema.comparison.comparison import compare
from greylag.schema.models.models import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.plugins.clickhouse import ClickhouseServer
    from tests.plugins.postgres import PostgresServer

ROOT = Path(__file__).parents[4]
GOLDEN = ROOT / "tests" / "golden" / "models"
EVERYTHING = (ROOT / "tests" / "golden" / "ddl" / "everything.sql").read_text("utf-8")
SHOP = (GOLDEN / "shop.sql").read_text("utf-8")
LITE = (GOLDEN / "lite.sql").read_text("utf-8")
PLACES = ROOT / "examples" / "my-girok" / "services"
MOMENT = dt.datetime(2025, 1, 23, 14, 30, tzinfo=dt.UTC)

EVENTS = Catalog(
    "clickhouse",
    tables=(
        Table(
            "analytics",
            "events",
            tuple(
                Column(name, Type(text, text), comment=comment)
                for name, text, comment in (
                    ("id", "UUID", ""),
                    ("at", "DateTime64(3, 'UTC')", "when"),
                    ("level", "Enum8('info' = 1, 'error' = 2)", ""),
                    ("path", "LowCardinality(Nullable(String))", ""),
                    ("tags", "Map(String, Array(UInt8))", ""),
                    ("price", "Decimal(18, 4)", ""),
                    ("ip", "IPv6", ""),
                    ("visits", "AggregateFunction(uniq, UInt64)", ""),
                )
            ),
            comment="What happened",
        ),
    ),
)


def run(database: str, text: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(text.encode())


def look(database: str) -> Catalog:
    with closing(PostgresSession(database, "goose_db_version")) as session:
        return session.catalog()


def look_lite(path: Path) -> Catalog:
    with closing(SqliteSession(str(path), "goose_db_version")) as session:
        return session.catalog()


def lite(path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{path}")


def driven(database: str) -> sa.Engine:
    return sa.create_engine(database.replace("postgres://", "postgresql+psycopg://", 1))


def only(found: Catalog, *kinds: str) -> Catalog:
    """The catalog without what no class can say: functions, triggers, grants and the rest."""
    bare = {
        kind: () for kind in found._fields if isinstance(getattr(found, kind), tuple) and kind not in kinds
    }
    return found._replace(**bare)


@pytest.fixture
def second(postgres: PostgresServer) -> Iterator[str]:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE second_of_models")
        yield postgres.url("second_of_models")
        connection.execute("DROP DATABASE second_of_models WITH (FORCE)")


@pytest.fixture
def written(database: str, tmp_path: Path) -> dict[str, str]:
    """The files of four schemas."""
    import sqlite3

    run(database, SHOP)
    found = {"shop": models(look(database), rows=True)}
    run(database, "DROP SCHEMA public CASCADE; DROP SCHEMA audit CASCADE; CREATE SCHEMA public;")
    run(database, EVERYTHING)
    found["everything"] = models(look(database), rows=True)
    run(database, "DROP EVENT TRIGGER ev")
    with closing(sqlite3.connect(tmp_path / "lite.db")) as connection:
        connection.executescript(LITE)
    found["lite"] = models(look_lite(tmp_path / "lite.db"), rows=True)
    found["clickhouse"] = models(EVENTS, rows=True)
    return found


def test_the_files_are_those_we_know_and_typed_and_formatted(
    written: dict[str, str], tmp_path: Path, imported: Callable[[str], Any]
) -> None:
    paths = []
    for name, text in written.items():
        assert text == (GOLDEN / f"{name}.py.txt").read_text("utf-8"), name
        path = tmp_path / f"{name}_models.py"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
        imported(text)
    configure_mappers()
    tools = (
        ("ruff", "format", "--check", "--isolated", "--line-length", "100"),
        ("mypy", "--strict", "--config-file=", f"--cache-dir={ROOT / '.mypy_cache' / 'models'}"),
    )
    for tool in tools:
        done = subprocess.run(
            [sys.executable, "-m", *tool, *paths], cwd=tmp_path, text=True, capture_output=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def made_again(database: str, second: str, imported: Callable[[str], Any], before: str = "") -> list[str]:
    """What differs when SQLAlchemy makes the schema of ``database`` on an empty one."""
    first = look(database)
    made = imported(models(first))
    engine = driven(second)
    with engine.begin() as connection:
        for schema in first.schemas:
            connection.execute(sa.schema.CreateSchema(schema.name, if_not_exists=True))
        if before:
            connection.exec_driver_sql(before)
    made.Base.metadata.create_all(engine)
    engine.dispose()
    kinds = ("enums", "domains", "sequences", "tables")
    changes = compare(only(first, *kinds), only(look(second), *kinds))
    return [f"{change.what} {change.kind} {change.name}" for change in changes]


def test_a_schema_made_of_the_classes_is_the_same(
    database: str, second: str, imported: Callable[[str], Any]
) -> None:
    run(database, SHOP)
    assert made_again(database, second, imported) == []


BEYOND = {
    *(
        "privileges",
        "storage",
        "statistics target",
        "options",
        "row security",
        "force row security",
        "comment",
    ),
    *("replica identity", "clustered", "parents", "inherited", "type", "owner", "owned by", "sequence"),
}
"""What SQLAlchemy has no word for, here or at all."""


def test_what_classes_cannot_say_of_a_schema_that_has_everything(
    database: str, second: str, imported: Callable[[str], Any]
) -> None:
    run(database, EVERYTHING)
    before = """
        CREATE TYPE pair AS (a int); CREATE TYPE rr AS RANGE (SUBTYPE = int);
        CREATE FUNCTION next_code(prefix text DEFAULT 'x') RETURNS text LANGUAGE sql AS $$ SELECT prefix || 'y' $$;
        CREATE FUNCTION is_ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
    """
    found = made_again(database, second, imported, before)
    run(database, "DROP EVENT TRIGGER ev")
    rest = [each for each in found if not any(each.startswith(f"{word} ") for word in BEYOND)]
    assert rest == [
        "missing constraint score.pos",
        "extra constraint score.score_check",
        "definition constraint app.parents.Odd name",
        "missing trigger app.parents.tr",
        "definition constraint children.later",
        "missing trigger children.ct",
        "missing policy children.Pol 2",
        "missing policy children.pol",
        "missing table empty_one",
        "missing table ft",
        "missing table part_1",
        "missing table part_x",
        "missing table part_x1",
        "missing rule unl.ru",
    ]


def test_rows_go_in_and_come_out_through_the_classes(database: str, imported: Callable[[str], Any]) -> None:
    run(database, SHOP)
    made = imported(models(look(database), rows=True))
    engine = driven(database)
    seoul = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=9)))
    with Session(engine) as session:
        user = made.User(
            email="A@x.y",
            status=made.UserStatusEnum.IN_REVIEW,
            moods=[made.Mood.A_B],
            born=dt.date(2000, 1, 2),
        )
        user.orders.append(
            made.Order(
                total=Decimal("9.50"), placed_at=seoul, local_at=seoul, labels=["a", "b"], data={"k": [1]}, ip="10.0.0.1/32",
                seen=[seoul], moments=None, wait=dt.timedelta(minutes=5), flags="101",
            )
        )  # fmt: skip
        user.tags.append(made.Tag(name="x"))
        session.add(user)
        session.commit()
        number = user.id
    with Session(engine) as session:
        user = session.get_one(made.User, number)
        (order,) = user.orders
        assert (
            user.status is made.UserStatusEnum.IN_REVIEW
            and user.moods == [made.Mood.A_B]
            and user.email == "A@x.y"
        )
        assert order.user is user and isinstance(order.id, uuid.UUID) and order.double == Decimal("19.00")
        assert order.placed_at == MOMENT == order.local_at == order.seen[0]
        assert {each.tzinfo for each in (order.placed_at, order.local_at, order.seen[0])} == {dt.UTC}
        assert (order.labels, order.data, order.ip, order.flags) == (
            ["a", "b"],
            {"k": [1]},
            "10.0.0.1",
            "101",
        )
        row = made.OrderRow.model_validate(order)
        assert '"placed_at":"2025-01-23T14:30:00.000Z"' in row.model_dump_json()
        assert made.OrderRow.model_validate_json(row.model_dump_json()) == row
        assert '"status":"in review"' in made.UserRow.model_validate(user).model_dump_json()
        assert session.execute(sa.select(made.t_open_orders.c.total)).scalar_one() == Decimal("9.50")
        session.delete(user)
        session.commit()
        assert session.scalars(sa.select(made.Order)).all() == []
        session.add(made.Order(user_id=number, total=Decimal(1), placed_at=dt.datetime(2025, 1, 1)))
        with pytest.raises(sa.exc.StatementError, match="has no time zone"):
            session.flush()
    engine.dispose()


def test_sqlite_too(tmp_path: Path, imported: Callable[[str], Any]) -> None:
    import sqlite3

    with closing(sqlite3.connect(tmp_path / "lite.db")) as connection:
        connection.executescript(LITE)
    first = look_lite(tmp_path / "lite.db")
    made = imported(models(first, rows=True))
    engine = lite(tmp_path / "second.db")
    made.Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(made.User(name="x", at=MOMENT, ok=True, data=[1], posts=[made.Post(title="t")]))
        session.commit()
        user = session.scalars(sa.select(made.User)).one()
        assert user.at == MOMENT and user.at.tzinfo is dt.UTC and user.posts[0].author is user
        row = made.UserRow.model_validate(user)
        assert row.at == MOMENT and '"at":"2025-01-23T14:30:00.000Z"' in row.model_dump_json()
    engine.dispose()
    changes = compare(only(first, "tables"), only(look_lite(tmp_path / "second.db"), "tables"))
    # SQLAlchemy makes every key NOT NULL and writes a space into DECIMAL(10, 2); SQLite keeps both as written.
    assert [f"{change.what} {change.kind} {change.name}" for change in changes] == [
        "not null column post_tags.post_id",
        "not null column post_tags.tag",
        "definition constraint post_tags.",
        "not null column posts.id",
        "definition constraint posts.",
        "not null column users.id",
        "type column users.price",
    ]


def test_clickhouse_gets_pydantic_alone(imported: Callable[[str], Any]) -> None:
    text = models(EVENTS, rows=True)
    assert "sqlalchemy" not in text and "# visits is left out" in text
    made = imported(text)
    row = made.EventRow(
        id=uuid.UUID(int=1),
        at=dt.datetime(2025, 1, 23, 14, 30),
        level="error",
        tags={"a": [1]},
        price="1.5",
        ip="::1",
    )
    assert row.level is made.EventLevel.ERROR
    assert row.model_dump_json() == (
        '{"id":"00000000-0000-0000-0000-000000000001","at":"2025-01-23T14:30:00.000Z","level":"error","path":null,'
        '"tags":{"a":[1]},"price":"1.5","ip":"::1"}'
    )


REAL = """
CREATE TABLE {name}.events (
  id UUID, at DateTime64(3, 'UTC') DEFAULT now64(3), seen DateTime, level Enum8('info' = 1, 'it\\'s' = 2),
  path LowCardinality(Nullable(String)), tags Map(String, Array(UInt8)), pair Tuple(a String, b UInt8),
  price Nullable(Decimal(18, 4)), ip IPv4, json String COMMENT 'text', n SimpleAggregateFunction(sum, UInt64),
  visits AggregateFunction(uniq, UInt64)
) ENGINE = MergeTree ORDER BY id COMMENT 'What happened'
"""


def test_a_real_clickhouse(
    clickhouse: ClickhouseServer, clickhouse_database: str, imported: Callable[[str], Any]
) -> None:
    clickhouse.ask(REAL.format(name=clickhouse_database))
    with closing(ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")) as session:
        made = imported(models(session.catalog(), orm=False, rows=True))
    assert [each.value for each in made.EventLevel] == ["info", "it's"]
    fields = {name: str(field.annotation) for name, field in made.EventRow.model_fields.items()}
    assert list(fields) == ["id", "at", "seen", "level", "path", "tags", "pair", "price", "ip", "json_", "n"]
    row = made.EventRow.model_validate(
        {"id": uuid.UUID(int=1), "at": MOMENT, "seen": MOMENT.replace(tzinfo=None), "level": "it's", "path": None, "tags": {"a": [1]},
             "pair": ("x", 1), "price": None, "ip": "10.0.0.1", "json": "{}", "n": 3}
    )  # fmt: skip
    text = row.model_dump_json()
    assert (
        '"at":"2025-01-23T14:30:00.000Z","seen":"2025-01-23T14:30:00.000Z"' in text and '"json":"{}"' in text
    )


def test_pydantic_alone_imports_no_sqlalchemy() -> None:
    found = models(Catalog("postgres", tables=(Table("public", "t", (Column("a", Type("text", "text", "pg_catalog")),)),)),
                   orm=False, rows=True)  # fmt: skip
    assert "class TRow(Row):\n    a: str | None = None\n" in found and "sqlalchemy" not in found


def test_a_schema_without_tables_is_a_file_all_the_same(imported: Callable[[str], Any]) -> None:
    assert not imported(models(Catalog("postgres"))).Base.metadata.tables
