"""A concurrent index build that is broken off: the rest is named or mended, and built once."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from tests.faults.conftest import wait_for_silence, wait_until
from tests.faults.story import journal, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.conftest import Fresh
    from tests.faults.story import Running, Teller

BUILDING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
    "AND query LIKE '%CREATE INDEX CONCURRENTLY%'"
)
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('a_n')"


class Scene(NamedTuple):
    """A run that stands still in the build of a_n, because of ``holder``'s old snapshot."""

    database: str
    holder: psycopg.Connection[tuple[object, ...]]
    run: Running
    backend: int


@pytest.fixture
def scene(fresh: Fresh, teller: Teller) -> Iterator[Scene]:
    database = fresh()
    assert teller.run(database, "up-to 2", "--yes").code == 0
    with contextlib.closing(psycopg.connect(database)) as holder:
        holder.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        holder.execute("SELECT count(*) FROM a")
        run = teller.start(database, "up", "--yes")
        wait_until(lambda: rows(database, BUILDING) or run.is_over())
        ((backend,),) = rows(database, BUILDING)
        yield Scene(database, holder, run, backend)


def is_alive(scene: Scene) -> bool:
    return rows(scene.database, f"SELECT 1 FROM pg_stat_activity WHERE pid = {scene.backend}") != []


def finish(scene: Scene, teller: Teller, fresh: Fresh) -> str:
    """Run it to its end: all is as undisturbed, and a third run has nothing to do. What the run said."""
    assert untrue(scene.database) == []
    again = teller.run(scene.database, "up", "--yes")
    assert again.code == 0, again.said
    assert versions(scene.database) == [1, 2, 3, 4]
    assert untrue(scene.database) == []
    calm = fresh()
    assert teller.run(calm, "up", "--yes").code == 0
    assert state(scene.database) == state(calm)
    noted = journal(scene.database)
    assert teller.run(scene.database, "up", "--yes").code == 0
    assert journal(scene.database) == noted
    return again.said


def test_killed_and_the_server_ends_the_orphan(scene: Scene, teller: Teller, fresh: Fresh) -> None:
    # The snapshot stays, so that nothing but the server's look for its client can end the build.
    scene.run.kill()
    wait_until(lambda: not is_alive(scene))
    assert rows(scene.database, VALID) == [(False,)]
    assert versions(scene.database) == [1, 2]
    scene.holder.rollback()
    said = finish(scene, teller, fresh)
    assert "a_n" in said
    assert "invalid" in said


def test_killed_and_the_server_ends_the_build(scene: Scene, teller: Teller, fresh: Fresh) -> None:
    scene.run.kill()
    scene.holder.rollback()
    wait_until(lambda: not is_alive(scene))
    assert versions(scene.database) == [1, 2]
    finish(scene, teller, fresh)


def test_killed_and_the_next_run_comes_while_the_orphan_builds(
    scene: Scene, teller: Teller, fresh: Fresh
) -> None:
    scene.run.kill()
    run = teller.start(scene.database, "up", "--yes")
    wait_until(lambda: not is_alive(scene) or run.is_over())
    scene.holder.rollback()
    first = run.end()
    assert first.code == 0, first.said
    finish(scene, teller, fresh)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(scene: Scene, teller: Teller, fresh: Fresh, number: int) -> None:
    scene.run.send(number)
    ended = scene.run.end()
    assert ended.code == 128 + number
    assert "a_n" in ended.said or "00003_apart.sql" in ended.said
    wait_until(lambda: not is_alive(scene))
    assert rows(scene.database, VALID) == [(False,)]
    scene.holder.rollback()
    finish(scene, teller, fresh)


def test_its_session_is_ended(scene: Scene, teller: Teller, fresh: Fresh) -> None:
    rows(scene.database, f"SELECT pg_terminate_backend({scene.backend})")
    ended = scene.run.end()
    assert ended.code == 1
    assert "57P01" in ended.said
    assert "00003_apart.sql" in ended.said
    wait_until(lambda: not is_alive(scene))
    assert rows(scene.database, VALID) == [(False,)]
    scene.holder.rollback()
    assert "invalid" in finish(scene, teller, fresh)


def test_a_unique_build_that_finds_two_alike(fresh: Fresh, teller: Teller) -> None:
    database = fresh()
    assert teller.run(database, "up-to 2", "--yes").code == 0
    rows(database, "INSERT INTO b VALUES (7) RETURNING n")
    failed = teller.run(database, "up", "--yes")
    assert failed.code == 1
    assert "23505" in failed.said
    assert "b_n" in failed.said
    assert rows(database, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('b_n')") == [
        (False,)
    ]
    assert untrue(database) == []
    rows(database, "DELETE FROM b WHERE ctid = '(0,1)' RETURNING n")
    again = teller.run(database, "up", "--yes")
    assert again.code == 0, again.said
    assert rows(database, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('b_n')") == [
        (True,)
    ]
    assert state(database)["rows", "b"] == "(7)"
    wait_for_silence(database)
    assert untrue(database) == []
