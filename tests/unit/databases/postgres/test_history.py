"""The version table as PostgreSQL holds it: types, NULLs, zones, and tables goose did not make."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import history
from greylag.databases.postgres.history import RowWriter
from greylag.errors import DatabaseError
from greylag.model.history import Applied, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel

TABLE = "CREATE TABLE v (id serial, version_id {}, is_applied {}, tstamp {} DEFAULT '2024-01-02 03:04:05'); "
INSERT = "INSERT INTO v (version_id, is_applied, tstamp) VALUES "
THEN = datetime(2024, 1, 2, 3, 4, 5)


def make(
    channel: Channel, values: str, version: str = "bigint", applied: str = "boolean", at: str = "timestamp"
) -> None:
    channel.execute((TABLE.format(version, applied, at) + INSERT + values).encode())


def test_the_table_is_gooses(channel: Channel) -> None:
    history.create_table(channel, "v")
    columns = channel.fetch(
        b"SELECT attname || ' ' || format_type(atttypid, atttypmod) || attnotnull::text || attidentity::text || "
        b"coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid "
        b"AND adnum = attnum WHERE attrelid = 'v'::regclass AND attnum > 0 ORDER BY attnum"
    ).rows
    assert [column.decode() for (column,) in columns if column] == [
        "id integertrued",
        "version_id biginttrue",
        "is_applied booleantrue",
        "tstamp timestamp without time zonetruenow()",
    ]
    assert history.read_rows(channel, "v") == [Applied(0, True)]


def test_a_failed_creation_leaves_nothing(channel: Channel) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        history.create_table(channel, "pg_catalog.pg_class")
    assert not channel.in_transaction
    channel.execute(b"CREATE SCHEMA app")
    channel.execute(
        b"CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$"
    )
    channel.execute(b"CREATE EVENT TRIGGER no ON ddl_command_end EXECUTE FUNCTION no()")
    with pytest.raises(DatabaseError, match="no"):
        history.create_table(channel, "app.v")
    assert not channel.in_transaction
    assert channel.fetch(b"SELECT to_regclass('app.v')::text").rows == [(None,)]


def test_a_table_in_a_schema(channel: Channel) -> None:
    with pytest.raises(DatabaseError) as caught:
        history.create_table(channel, "app.v")
    assert caught.value.driver_text == 'ERROR: schema "app" does not exist (SQLSTATE 3F000)'
    channel.execute(b"CREATE SCHEMA app")
    history.create_table(channel, "app.v")
    assert history.read_rows(channel, "app.v") == [Applied(0, True)]


def test_a_missing_table_in_the_words_of_gooses_query(channel: Channel) -> None:
    with pytest.raises(DatabaseError) as caught:
        history.read_rows(channel, "v")
    assert caught.value.driver_text == 'ERROR: relation "v" does not exist (SQLSTATE 42P01)'
    channel.execute(b"CREATE TABLE w (version_id bigint)")
    with pytest.raises(DatabaseError, match='column "is_applied" does not exist'):
        history.read_rows(channel, "w")


@pytest.mark.parametrize("version", ["bigint", "int", "smallint", "numeric", "text"])
@pytest.mark.parametrize("applied", ["boolean", "int", "text"])
def test_columns_of_other_types(channel: Channel, version: str, applied: str) -> None:
    yes, no = {"boolean": ("true", "false"), "int": ("1", "0"), "text": ("'true'", "'0'")}[applied]
    make(channel, f"('1', {yes}, now()), ('2', {no}, now()), ('30', {yes}, now())", version, applied)
    assert history.read_rows(channel, "v") == [Applied(30, True), Applied(2, False), Applied(1, True)]


@pytest.mark.parametrize(
    ("values", "version", "applied", "text"),
    [
        (
            "(NULL, true, now())", "bigint", "boolean",
            'index 0, name "version_id": converting NULL to int64 is unsupported',
        ),
        (
            "('zz', true, now())", "text", "boolean",
            'index 0, name "version_id": converting driver.Value type string ("zz") to a int64: invalid syntax',
        ),
        (
            "(1, NULL, now())", "bigint", "boolean",
            'index 1, name "is_applied": sql/driver: couldn\'t convert <nil> (<nil>) into type bool',
        ),
        (
            "(1, 'maybe', now())", "bigint", "text",
            'index 1, name "is_applied": sql/driver: couldn\'t convert "maybe" into type bool',
        ),
    ],
)  # fmt: skip
def test_rows_go_cannot_read(channel: Channel, values: str, version: str, applied: str, text: str) -> None:
    make(channel, values, version, applied)
    with pytest.raises(DatabaseError) as caught:
        history.read_rows(channel, "v")
    assert caught.value.driver_text == f"sql: Scan error on column {text}"


def test_a_stamp_keeps_its_digits(channel: Channel) -> None:
    channel.execute(b"SET timezone = 'Asia/Tokyo'")
    make(channel, "(1, true, '2024-01-02 03:04:05'), (2, false, '1999-12-31 23:59:59.999999')")
    assert history.read_stamps(channel, "v") == [
        Stamp(1, True, THEN),
        Stamp(2, False, datetime(1999, 12, 31, 23, 59, 59, 999999)),
    ]


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_stamp_with_a_zone_is_told_in_ours(channel: Channel, berlin: None) -> None:
    make(
        channel, "(1, true, '2024-01-02 03:04:05+00'), (2, true, '2024-07-02 03:04:05+00')", at="timestamptz"
    )
    winter, summer = history.read_stamps(channel, "v")
    assert winter.at is not None
    assert summer.at is not None
    assert winter.at.replace(tzinfo=None) == THEN + timedelta(hours=1)
    assert summer.at.replace(tzinfo=None) == datetime(2024, 7, 2, 5, 4, 5)
    assert summer.at.utcoffset() == timedelta(hours=2)


def test_a_date_is_its_midnight(channel: Channel) -> None:
    make(channel, "(1, true, '2024-01-02')", at="date")
    assert history.read_stamps(channel, "v") == [Stamp(1, True, datetime(2024, 1, 2))]


FAULT = (
    'sql: Scan error on column index 0, name "tstamp": unsupported Scan, storing driver.Value type {} into type '
    "*time.Time"
)


@pytest.mark.parametrize(
    ("value", "kind", "fault"),
    [
        ("NULL", "timestamp", FAULT.format("<nil>")),
        ("'infinity'", "timestamp", FAULT.format("string")),
        ("'-infinity'", "timestamptz", FAULT.format("string")),
        ("'infinity'", "date", FAULT.format("string")),
        ("'2024-01-02'", "text", FAULT.format("string")),
        ("'10:00'", "time", FAULT.format("string")),
        ("'0044-03-15 BC'", "timestamp", "tstamp lies outside the years 1 to 9999"),
    ],
)
def test_stamps_that_are_no_time(channel: Channel, value: str, kind: str, fault: str) -> None:
    make(channel, f"(1, true, {value})", at=kind)
    assert history.read_stamps(channel, "v") == [Stamp(1, True, None, fault)]


def test_null_counts_as_the_newest(channel: Channel) -> None:
    make(channel, "(1, true, now()), (1, false, NULL)")
    assert history.read_stamps(channel, "v") == [Stamp(1, False, None, FAULT.format("<nil>"))]


def test_a_view_will_do(channel: Channel) -> None:
    channel.execute(b"CREATE TABLE t (id serial, version_id bigint, is_applied boolean, tstamp timestamp)")
    channel.execute(b"INSERT INTO t VALUES (1, 5, true, '2024-01-02 03:04:05')")
    channel.execute(b"CREATE VIEW v AS SELECT * FROM t")
    assert history.read_rows(channel, "v") == [Applied(5, True)]
    assert history.read_stamps(channel, "v") == [Stamp(5, True, THEN)]


def test_rows_have_pgx_names() -> None:
    rows = RowWriter("goose_db_version")
    up, down = rows.row(7, "up"), rows.row(7, "down")
    assert up.name == b"stmtcache_e5a75f08040fc616676da422178c6282978cd815e2cccfc2"
    assert up.values == [b"7", b"true"]
    assert (down.sql, down.values) == (b"DELETE FROM goose_db_version WHERE version_id=$1", [b"7"])
    assert rows.row(8, "up").name == up.name != down.name


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (
            "timestamp",
            "(1, true, '2024-05-01 12:34:56.789'), (1, true, '2024-04-01'), (2, true, '1999-12-31 23:59:59')",
        ),
        ("timestamp", "(1, true, '2024-05-01'), (2, true, NULL)"),
        ("timestamp", "(1, true, '2024-05-01'), (2, true, 'infinity')"),
        ("timestamptz", "(1, true, '2024-05-01 12:00:00+02'), (2, false, '2024-06-01 12:00:00+00')"),
        ("date", "(1, true, '2024-05-01'), (2, false, '2024-06-01')"),
    ],
)
def test_moments_are_those_of_the_stamps(channel: Channel, column: str, values: str) -> None:
    make(channel, values, at=column)
    stamps = {stamp.version: stamp.at for stamp in history.read_stamps(channel, "v")}
    assert history.read_moments(channel, "v") == stamps
    assert sorted(stamps) == [1, 2]


def test_moments_of_an_empty_table_and_of_none(channel: Channel) -> None:
    with pytest.raises(DatabaseError, match="does not exist"):
        history.read_moments(channel, "v")
    make(channel, "(1, true, '2024-05-01')")
    channel.execute(b"DELETE FROM v")
    assert history.read_moments(channel, "v") == {}
