"""The example's ClickHouse services: each Down takes back its Up, rows flow and stay, old rows go."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.embedded.local_forms import local_form
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.migrations.files import collect
from greylag.operations import careful
from greylag.operations.manners import manners_of
from greylag.operations.options import Care, RunOptions
from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.plugins.clickhouse import ClickhouseServer

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-girok"
FOLDERS = {
    "audit_db": EXAMPLE / "services/audit-service/migrations",
    "analytics_db": EXAMPLE / "services/analytics-service/migrations",
}
FILES = {name: collect(str(folder)) for name, folder in FOLDERS.items()}
SWAP = 20260203020000

# What the services would have stored once the file of that version has run.
ROWS = {
    20260106010000: """
        INSERT INTO audit_events (occurred_at, service, action, actor_type, actor_id, resource_type, resource_id)
        SELECT now64(3) - INTERVAL number HOUR, 'identity-service', 'identity.verified', 'operator', 'op-1',
            'identity', concat('i', toString(number % 50)) FROM numbers(2000)""",
    20260122010000: """
        INSERT INTO audit_events (occurred_at, service, action, resource_type, resource_id, request_id, client_ip)
        SELECT now64(3), 'auth-service', 'user.suspended', 'user', concat('u', toString(number)), 'r1', '192.0.2.1'
        FROM numbers(100)""",
    SWAP: """
        INSERT INTO audit_events (occurred_at, service, action, resource_type, resource_id)
        SELECT now64(3), 'auth-service', 'user.restored', 'user', concat('u', toString(number))
        FROM numbers(30)""",
    20260107020000: """
        INSERT INTO events (occurred_at, event_name, account_id, session_id, platform)
        SELECT toDateTime64('2026-01-14 12:00:00', 3, 'UTC'), 'page.viewed', concat('a', toString(number % 40)),
            concat('s', toString(number % 80)), 'web' FROM numbers(1000)""",
    20260114020000: """
        INSERT INTO events (occurred_at, event_name, account_id, session_id, platform)
        SELECT toDateTime64('2026-01-15 12:00:00', 3, 'UTC'), 'page.viewed', concat('a', toString(number % 60)),
            concat('s', toString(number % 80)), 'web' FROM numbers(500)""",
}  # fmt: skip

SHAPE = (
    "SELECT name, engine, engine_full, create_table_query, comment FROM system.tables",
    "SELECT table, name, type, default_expression, compression_codec, comment FROM system.columns",
    "SELECT table, name, type_full, expr, granularity FROM system.data_skipping_indices",
)


class Place:
    """A database of the workspace on an embedded engine of its own."""

    def __init__(self, base: Path, database: str) -> None:
        self.database, self.folder = database, str(FOLDERS[database])
        self.dsn = f"chdb://{base}/{database}?database={database}"
        self.session = ClickhouseSession(self.dsn, "goose_db_version")

    def ask(self, query: str) -> list[tuple[str | None, ...]]:
        return [tuple(row) for row in self.session.link().query(query).rows]

    def one(self, query: str) -> str | None:
        ((value,),) = self.ask(query)
        return value

    def up(self, to: int = 2**62, *, one: bool = False) -> list[int]:
        return self._ran(careful.up(self.session, self.folder, self._options("up"), to=to, one=one))

    def back(self, verb: str = "down", version: int = 0) -> list[int]:
        options = self._options(verb)
        return self._ran(careful.back(self.session, self.folder, options, verb=verb, version=version))

    def write(self, version: int) -> None:
        """The rows of a version, which stay although they may be older than the table keeps them."""
        for (name,) in self.ask("SELECT name FROM system.tables WHERE database = currentDatabase()"):
            self.ask(f"SYSTEM STOP TTL MERGES {name}")
        self.ask(ROWS[version])

    def shape(self) -> list[list[tuple[str | None, ...]]]:
        own = "database = currentDatabase() AND NOT match({}, '^(goose|greylag)_')"
        columns = ("name", "table", "table")
        return [
            self.ask(f"{query} WHERE {own.format(column)} ORDER BY ALL")
            for query, column in zip(SHAPE, columns, strict=True)
        ]

    @staticmethod
    def _options(verb: str) -> RunOptions:
        return RunOptions(care=Care(manners_of(None, verb, {"USER": "ana"}), lambda notice: None))

    @staticmethod
    def _ran(events: Iterator[object]) -> list[int]:
        return [getattr(event, "migration").version for event in events if hasattr(event, "migration")]  # noqa: B009


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    if not is_there():
        pytest.skip(MISSING)
    made: list[Place] = []

    def make(database: str) -> Place:
        made.append(Place(tmp_path, database))
        return made[-1]

    yield make
    for place in made:
        place.session.close()


@pytest.mark.parametrize("database", FOLDERS)
def test_every_down_gives_back_the_schema_before_its_up(
    database: str, places: Callable[[str], Place]
) -> None:
    place = places(database)
    versions = [migration.version for migration in FILES[database]]
    before = [place.shape()]
    for version in versions:
        assert place.up(one=True) == [version]
        before.append(place.shape())
        assert before[-1] != before[-2] or version in (
            20260119020000,
            20260127020000,
        )  # these leave rows, an index
        if version in ROWS:
            place.write(version)
    top = before.pop()
    for version in reversed(versions):
        assert place.back() == [version]
        assert place.shape() == before.pop(), f"the Down of {version} leaves another schema"
    assert place.shape() == [[], [], []]
    assert place.up() == versions
    assert place.shape() == top
    assert place.back("reset") == versions[::-1]
    assert place.up() == versions and place.shape() == top


def test_the_swap_keeps_every_row_on_the_way_up_and_on_the_way_back(places: Callable[[str], Place]) -> None:
    audit = places("audit_db")
    whole = "SELECT count(), uniqExact(id), sum(cityHash64(*)) FROM audit_events"
    key = "SELECT sorting_key FROM system.tables WHERE name = 'audit_events'"
    for version in (20260106010000, 20260122010000):
        audit.up(version)
        audit.write(version)
    (rows,) = audit.ask(whole)
    assert rows[:2] == ("2100", "2100")
    assert audit.one(key) == "service, action, occurred_at, id"
    audit.up(SWAP)
    assert audit.one(key) == "resource_type, resource_id, occurred_at, id"
    assert audit.ask(whole) == [rows]
    audit.write(SWAP)
    (more,) = audit.ask(whole)
    assert more[0] == "2130"
    assert audit.back() == [SWAP] and audit.ask(whole) == [more]
    audit.up()
    assert audit.ask(whole) == [more]
    audit.back("down-to", 20260122010000)
    assert audit.one(key) == "service, action, occurred_at, id"
    assert audit.ask(whole) == [more]
    assert audit.one("SELECT count() FROM audit_events WHERE client_ip = toIPv6('192.0.2.1')") == "100"


def test_the_copy_can_be_run_again_after_it_broke_off(places: Callable[[str], Place]) -> None:
    audit = places("audit_db")
    audit.up(20260122010000)
    audit.write(20260106010000)
    audit.ask(
        "CREATE TABLE audit_events_spare AS audit_events ORDER BY (resource_type, resource_id, occurred_at, id)"
    )
    audit.ask("INSERT INTO audit_events_spare SELECT * FROM audit_events LIMIT 700")
    audit.up(20260203010000)
    assert audit.ask("SELECT count(), uniqExact(id) FROM audit_events_spare") == [("2000", "2000")]


def test_events_are_counted_once_by_the_view_and_the_backfill(places: Callable[[str], Place]) -> None:
    analytics = places("analytics_db")
    counted = (
        "SELECT day, sum(events), uniqMerge(accounts) FROM daily_activity WHERE event_name = 'page.viewed' "
        "AND platform = 'web' GROUP BY day ORDER BY day"
    )
    old, new = ("2026-01-14", "1000", "40"), ("2026-01-15", "500", "60")
    for version in (20260107020000, 20260114020000):
        analytics.up(version)
        analytics.write(version)
    assert analytics.ask(counted) == [new]
    analytics.up(20260119020000)
    assert analytics.ask(counted) == [old, new]
    analytics.back()
    assert analytics.ask(counted) == [new]
    analytics.up()
    assert analytics.ask(counted) == [old, new]


def test_a_session_is_kept_as_it_was_last_seen(places: Callable[[str], Place]) -> None:
    analytics = places("analytics_db")
    analytics.up(20260107020000)
    for minutes in (0, 5):
        analytics.ask(
            "INSERT INTO sessions (id, platform, started_at, last_seen_at, events) SELECT 's1', 'web', "
            f"toStartOfHour(now64(3, 'UTC')), toStartOfHour(now64(3, 'UTC')) + INTERVAL {minutes} MINUTE, {minutes}"
        )
    assert analytics.ask("SELECT id, events FROM sessions FINAL") == [("s1", "5")]


def test_the_index_is_built_for_parts_that_were_there_and_taken_out_again(
    places: Callable[[str], Place],
) -> None:
    analytics = places("analytics_db")
    size = "SELECT sum(secondary_indices_compressed_bytes) > 0 FROM system.parts WHERE table = 'events' AND active"
    analytics.up(20260107020000)
    analytics.ask(
        "INSERT INTO events (occurred_at, session_id) SELECT now64(3), toString(number) FROM numbers(1000)"
    )
    analytics.up(20260126020000)
    assert analytics.one(size) == "0"
    analytics.up(20260127020000)
    assert analytics.one(size) == "1"
    analytics.back()
    assert analytics.one(size) == "0"


def test_a_longer_limit_rewrites_no_part(places: Callable[[str], Place]) -> None:
    analytics = places("analytics_db")
    analytics.up(20260127020000)
    analytics.ask("INSERT INTO events (occurred_at, event_name) SELECT now64(3), 'page.viewed'")
    parts = "SELECT name, modification_time FROM system.parts WHERE table = 'events' AND active"
    before = analytics.ask(parts)
    assert analytics.up() == [20260210020000]
    assert analytics.ask(parts) == before and len(before) == 1


@pytest.mark.parametrize(
    ("database", "table", "moment", "days", "names"),
    [
        ("audit_db", "audit_events", "occurred_at", 5 * 365, "service, action"),
        ("analytics_db", "events", "occurred_at", 180, "event_name, platform"),
        ("analytics_db", "sessions", "started_at", 365, "id, platform"),
        ("analytics_db", "daily_activity", "day", 365, "event_name, platform"),
    ],
)
def test_what_is_too_old_goes_and_what_is_not_stays(
    database: str, table: str, moment: str, days: int, names: str, places: Callable[[str], Place]
) -> None:
    place = places(database)
    place.up()
    for age in (days - 40, days + 40):
        place.ask(f"INSERT INTO {table} ({moment}, {names}) SELECT now() - INTERVAL {age} DAY, 'a', 'b'")
    place.ask(f"OPTIMIZE TABLE {table} FINAL")
    (kept,) = place.ask(f"SELECT dateDiff('day', {moment}, now()) FROM {table}")
    assert kept == (str(days - 40),)
    assert (
        place.one(
            f"SELECT engine_full LIKE '%ttl_only_drop_parts = 1%' FROM system.tables WHERE name = '{table}' AND database = '{database}'"
        )
        == "1"
    )


def goose(program: list[str], folder: Path, dsn: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, "-env", "none", "-dir", str(folder), "clickhouse", dsn, *words],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip


OURS = [sys.executable, "-m", "greylag.cli.goose"]


@pytest.mark.parametrize("database", FOLDERS)
def test_goose_runs_the_same_files(database: str, tmp_path: Path, places: Callable[[str], Place]) -> None:
    theirs = places(database)
    up = goose(OURS, FOLDERS[database], theirs.dsn, "up")
    assert up.returncode == 0, up.stderr
    assert f"successfully migrated database to version: {FILES[database][-1].version}" in up.stderr
    seen = theirs.shape()
    theirs.session.close()
    reset = goose(OURS, FOLDERS[database], theirs.dsn, "reset")
    assert reset.returncode == 0, reset.stderr
    assert theirs.shape() == [[], [], []]
    theirs.up()
    assert theirs.shape() == seen


VARYING = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d |\([\d.]+(µs|ms|s)\)")


@pytest.mark.peer
@pytest.mark.parametrize("database", FOLDERS)
def test_the_real_goose_makes_the_same_of_their_local_forms(
    database: str, clickhouse: ClickhouseServer, goose_binary: Path, tmp_path: Path
) -> None:
    """ON CLUSTER needs a cluster, which the engine behind the interface is not: the files are rewritten first."""
    for migration in FILES[database]:
        text, _ = local_form(Path(migration.path).read_text("utf-8"))
        (tmp_path / migration.name).write_text(text)
    shape = f"SELECT name, create_table_query FROM system.tables WHERE database = '{database}' ORDER BY name"
    told = []
    for program in (OURS, [str(goose_binary)]):
        clickhouse.ask(f"CREATE DATABASE {database}")
        try:
            runs = [
                goose(program, tmp_path, clickhouse.url(database), verb) for verb in ("up", "reset", "up")
            ]
            told.append(([VARYING.sub("", run.stderr + run.stdout) for run in runs], clickhouse.ask(shape)))
        finally:
            clickhouse.ask(f"DROP DATABASE {database} SYNC")
    assert "successfully migrated" in told[0][0][2]
    assert told[0] == told[1]
