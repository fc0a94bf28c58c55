"""Two runs at once on one database, a hundred times: every file takes effect once. Exit codes prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.conftest import wait_for_silence, wait_until
from tests.faults.story import journal_name, renew, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.story import Teller
    from tests.plugins.wire import Wire

ROUNDS = 100
FILES = {
    "00001_a.sql": "-- +goose Up\nCREATE TABLE hits (n int);\nINSERT INTO hits VALUES (1);\n",
    "00002_b.sql": "-- +goose Up\nINSERT INTO hits VALUES (2);\n",
    "00003_c.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nINSERT INTO hits VALUES (3);\nINSERT INTO hits VALUES (4);\n",
}
ONCE = {
    "SELECT n FROM hits ORDER BY n": [(1,), (2,), (3,), (4,)],
    "SELECT version_id, is_applied FROM goose_db_version ORDER BY id": [(n, True) for n in range(4)],
    "SELECT version, statement, state, count(DISTINCT run) FROM {journal} GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS LAST": [
        (1, None, "done", 1),
        (2, None, "done", 1),
        (3, 1, "done", 1),
        (3, 2, "done", 1),
        (3, None, "done", 1),
    ],
    "SELECT count(*), count(DISTINCT run) FROM {journal}": [(5, 1)],
}
"""What has to stand in the database, whichever of the two was faster."""


@pytest.fixture
def racer(swift: Teller) -> Teller:
    for file in swift.folder.iterdir():
        file.unlink()
    swift.write(FILES)
    return swift


def test_every_file_takes_effect_once(database: str, racer: Teller, wire: Callable[[str], Wire]) -> None:
    between = wire(database)
    met = 0
    for number in range(ROUNDS):
        renew(database)
        asked = len(between.done)
        runs = [racer.start(between.url(database), "up", "--yes") for _ in range(2)]
        said = [run.end().said for run in runs]
        wait_for_silence(database)
        journal = journal_name(database)
        found = {query: rows(database, query.format(journal=journal)) for query in ONCE}
        assert found == ONCE, f"round {number}: {said}"
        tries = [one for one in between.done[asked:] if "pg_try_advisory_lock" in one.text]
        met += len(tries) > 2
    # Where one was always done before the other came, nothing was proved.
    assert met > ROUNDS // 4


@pytest.mark.parametrize("name", ["00002_b.sql", "00003_apart.sql"])
def test_the_one_that_waits_takes_over_from_one_that_is_killed(
    database: str, teller: Teller, name: str
) -> None:
    text = (teller.folder / name).read_text()
    gate = "SELECT pg_advisory_xact_lock(77);"
    teller.write({name: text.replace("\n-- +goose Down", f"\n{gate}\n-- +goose Down", 1)})
    with psycopg.connect(database) as keeper:
        keeper.execute(gate)
        first = teller.start(database, "up", "--yes", "--lock-timeout", "60s")
        stands = f"SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{gate}%'"
        wait_until(lambda: rows(database, stands) or first.is_over())
        second = teller.start(database, "up", "--yes")
        wait_until(lambda: "another runner" in second.said or second.is_over())
        assert not first.is_over(), first.said
        first.kill()
    ended = second.end()
    assert ended.code == 0, ended.said
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    assert state(database)["rows", "b"] == "(7)"
