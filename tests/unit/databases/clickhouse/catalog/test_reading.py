"""The catalog of a real ClickHouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.catalog.reading import places, read_catalog
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import DatabaseError
from greylag.schema.comparison.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.clickhouse.link import Link
    from tests.plugins.clickhouse import ClickhouseServer

SCHEMA = r"""
CREATE TABLE src (id UInt64, name String) ENGINE = MergeTree ORDER BY id;
CREATE TABLE events (
    id UInt64 CODEC(Delta, ZSTD(3)), ts DateTime64(3, 'UTC') DEFAULT now64(3), day Date MATERIALIZED toDate(ts),
    label String ALIAS concat('a', toString(id), '`('), eph UInt8 EPHEMERAL,
    nm LowCardinality(String) DEFAULT upper('x,y') COMMENT 'it''s (a) comment' CODEC(NONE)
        TTL toDateTime(ts) + INTERVAL 1 DAY SETTINGS (max_compress_block_size = 100000),
    `odd ``name` Nullable(String), n Nested(x UInt8, y String), TTL Date,
    INDEX i1 lower(nm) TYPE bloom_filter(0.01) GRANULARITY 4,
    PROJECTION p1 (SELECT nm, count() GROUP BY nm),
    CONSTRAINT c1 CHECK length(nm) < 50, CONSTRAINT c2 ASSUME day = toDate(ts)
) ENGINE = ReplacingMergeTree(ts) PARTITION BY TTL PRIMARY KEY (id, intHash32(id))
ORDER BY (id, intHash32(id), ts) SAMPLE BY intHash32(id)
TTL toDateTime(ts) + INTERVAL 5 YEAR DELETE WHERE id > 5
SETTINGS ttl_only_drop_parts = 1, deduplicate_merge_projection_mode = 'drop' COMMENT 'tab''le TTL x SETTINGS';
CREATE TABLE counts (name String, n UInt64) ENGINE = SummingMergeTree ORDER BY name;
CREATE TABLE plain (a UInt8) ENGINE = MergeTree ORDER BY tuple() SETTINGS index_granularity = 8192;
CREATE TABLE numbers_ten AS numbers(10);
CREATE TABLE elsewhere (id UInt64) ENGINE = MySQL('h:3306', 'd', 't', 'u', 's3cr3t');
CREATE MATERIALIZED VIEW filled TO counts AS SELECT name, count() AS n FROM src GROUP BY name;
CREATE MATERIALIZED VIEW own ENGINE = SummingMergeTree ORDER BY name AS SELECT name, count() AS n FROM src GROUP BY name;
CREATE VIEW seen AS SELECT id FROM src WHERE id > 3 COMMENT 'view c';
CREATE DICTIONARY words (id UInt64, name String DEFAULT 'x') PRIMARY KEY id
    SOURCE(CLICKHOUSE(HOST 'h' USER 'u' PASSWORD 's3cr3t' TABLE 'src')) LIFETIME(MIN 0 MAX 10) LAYOUT(FLAT());
"""


def play(link: Link, texts: str) -> None:
    for text in texts.split(";\n"):
        if text.strip():
            link.execute(text)


@pytest.fixture
def session(clickhouse: ClickhouseServer, clickhouse_database: str) -> Iterator[ClickhouseSession]:
    session = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    yield session
    session.close()


def test_everything_is_read(session: ClickhouseSession, clickhouse_database: str) -> None:
    play(session.link(), SCHEMA)
    catalog = session.catalog()
    assert [each.name for each in catalog.schemas] == [clickhouse_database]
    assert catalog.engine == "clickhouse" and catalog.version
    tables = {table.name: table for table in catalog.tables}
    assert list(tables) == ["counts", "elsewhere", "events", "numbers_ten", "plain", "src"]
    events = tables["events"]
    assert [column.name for column in events.columns] == [
        "id", "ts", "day", "label", "eph", "nm", "odd `name", "n.x", "n.y", "TTL",
    ]  # fmt: skip
    columns = {column.name: column for column in events.columns}
    assert columns["id"].codec == "Delta(8), ZSTD(3)"
    assert [columns[name].generated for name in ("ts", "day", "label", "eph")] == [
        "", "materialized", "alias", "ephemeral",
    ]  # fmt: skip
    assert columns["nm"].ttl == "toDateTime(ts) + toIntervalDay(1)"
    assert columns["nm"].comment == "it's (a) comment" and columns["nm"].codec == "NONE"
    assert columns["nm"].options == (("max_compress_block_size", "100000"),)
    assert columns["odd `name"].nullable and not columns["nm"].nullable
    assert events.engine == "ReplacingMergeTree(ts)" and events.partition_key == "TTL"
    assert (events.order_by, events.primary_key) == ("id, intHash32(id), ts", "id, intHash32(id)")
    assert events.sample_by == "intHash32(id)" and events.comment == "tab'le TTL x SETTINGS"
    assert events.ttl == "toDateTime(ts) + toIntervalYear(5) WHERE id > 5"
    assert events.options == (
        ("deduplicate_merge_projection_mode", "'drop'"), ("ttl_only_drop_parts", "1"),
    )  # fmt: skip
    assert [each.name for each in (*events.constraints, *events.indexes, *events.projections)] == [
        "c1", "c2", "i1", "p1",
    ]  # fmt: skip
    assert tables["plain"].options == () and tables["numbers_ten"].engine == "AS numbers(10)"
    views = {view.name: view for view in catalog.views}
    assert list(views) == ["filled", "own", "seen"]
    assert views["filled"].target == (clickhouse_database, "counts")
    assert views["own"].engine == "SummingMergeTree ORDER BY name" and views["seen"].comment == "view c"
    (words,) = catalog.dictionaries
    assert (words.key, words.lifetime, words.layout) == ("id", "MIN 0 MAX 10", "FLAT()")
    assert "s3cr3t" not in str(catalog)


def test_the_same_schema_made_twice_reads_the_same(session: ClickhouseSession) -> None:
    play(session.link(), SCHEMA)
    first = session.catalog()
    for table in (
        "words",
        "seen",
        "own",
        "filled",
        "counts",
        "events",
        "src",
        "plain",
        "numbers_ten",
        "elsewhere",
    ):
        kind = "DICTIONARY" if table == "words" else "TABLE"
        session.link().execute(f"DROP {kind} {table} SYNC")
    assert session.catalog().tables == ()
    play(session.link(), SCHEMA)
    assert session.catalog() == first


@pytest.mark.parametrize(
    ("statement", "kind", "what"),
    [
        ("ALTER TABLE src COMMENT COLUMN name 'x'", "column", "comment"),
        ("ALTER TABLE src MODIFY COMMENT 'x'", "table", "comment"),
        ("ALTER TABLE src MODIFY COLUMN name String CODEC(ZSTD(3))", "column", "codec"),
        ("ALTER TABLE src ADD COLUMN d Date", "column", "extra"),
        ("ALTER TABLE src MODIFY SETTING ttl_only_drop_parts = 1", "table", "options"),
        ("ALTER TABLE src ADD CONSTRAINT c CHECK id > 0", "constraint", "extra"),
        ("ALTER TABLE src ADD INDEX i name TYPE set(100)", "index", "extra"),
        ("ALTER TABLE src ADD PROJECTION p (SELECT name ORDER BY name)", "projection", "extra"),
        ("ALTER TABLE events REMOVE TTL", "table", "ttl"),
        ("ALTER TABLE events MODIFY COLUMN nm REMOVE TTL", "column", "ttl"),
        ("ALTER TABLE events MODIFY COLUMN nm RESET SETTING max_compress_block_size", "column", "options"),
        ("ALTER TABLE events MODIFY COLUMN ts REMOVE DEFAULT", "column", "default"),
        (
            "ALTER TABLE filled MODIFY QUERY SELECT name, count() + 1 AS n FROM src GROUP BY name",
            "materialized view",
            "definition",
        ),
        ("CREATE OR REPLACE VIEW seen AS SELECT id FROM src WHERE id > 4", "view", "definition"),
        ("DROP DICTIONARY words", "dictionary", "missing"),
    ],
)
def test_what_changed_is_seen(session: ClickhouseSession, statement: str, kind: str, what: str) -> None:
    play(session.link(), SCHEMA)
    first = session.catalog()
    session.link().execute(statement)
    changes = compare(first, session.catalog())
    assert (kind, what) in [(change.kind, change.what) for change in changes]


def test_functions_belong_to_the_server(session: ClickhouseSession, clickhouse_database: str) -> None:
    name = f"plus_{clickhouse_database}"
    session.link().execute(f"CREATE FUNCTION {name} AS (x, y) -> x + y")
    try:
        found = {routine.name: routine for routine in session.catalog().routines}
        assert found[name].definition == "(x, y) -> (x + y)" and found[name].language == "SQL"
    finally:
        session.link().execute(f"DROP FUNCTION {name}")


def test_what_greylag_keeps_is_no_schema(session: ClickhouseSession) -> None:
    for name in ("greylag_journal", "greylag_lock", "greylag_lock_1", "greylag_lockers"):
        session.link().execute(f"CREATE TABLE {name} (a UInt8) ENGINE = Memory")
    assert [table.name for table in session.catalog().tables] == ["greylag_lockers"]


def test_default_means_every_database(clickhouse: ClickhouseServer, clickhouse_database: str) -> None:
    clickhouse.ask(f"CREATE TABLE {clickhouse_database}.t (a UInt8) ENGINE = Memory")
    session = ClickhouseSession(clickhouse.url(), "goose_db_version")
    catalog = session.catalog()
    assert (clickhouse_database, "t") in [(table.schema, table.name) for table in catalog.tables]
    assert not {"system", "information_schema"} & {each.name for each in catalog.schemas}
    session.close()
    session = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    assert places(session.link())[1] == [clickhouse_database]
    assert len(read_catalog(session.link(), everywhere=True).schemas) > 1
    session.close()


def test_a_database_that_is_not_there(clickhouse: ClickhouseServer) -> None:
    session = ClickhouseSession(clickhouse.url("gone"), "goose_db_version")
    with pytest.raises(DatabaseError, match="gone"):
        session.catalog()
    session.close()
