from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.environ import Environ
from greylag.environments.plain_folder import target_of_folder, with_dsn
from greylag.environments.resolution import Resolution
from greylag.model.dsn import Dsn
from greylag.operations import schema_diff
from greylag.operations.connect import connect
from greylag.operations.options import RunOptions
from greylag.operations.schema_diff import Drift, Strictness, differences, drift
from greylag.operations.up import up as run_up

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.operations.scratch import Workshop
    from tests.plugins.clickhouse import ClickhouseServer
    from tests.unit.operations.conftest import CarefulGround


@pytest.fixture
def judged(own: CarefulGround, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> CarefulGround:
    """A database with files 1 and 2 applied."""
    monkeypatch.setattr(schema_diff, "workshop_of", lambda _: workshop)
    own.write(1)
    own.write(2)
    own.up()
    return own


def look(
    own: CarefulGround,
    strictness: Strictness = Strictness(),  # noqa: B008
    copies: int = 1,
    at_once: int = schema_diff.AT_ONCE,
) -> list[Drift]:
    folder = target_of_folder(own.folder, str(own.base), Environ({}, str(own.base)))
    target = with_dsn(folder, Dsn(own.dsn), "--dsn")
    resolution = Resolution([target] * copies, None, str(own.base), "test", [])
    return list(drift(resolution, {}, strictness=strictness, at_once=at_once))


def told(found: Drift) -> list[tuple[str, str, str]]:
    return [(change.kind, change.name, change.what) for change in found.changes]


def test_a_database_as_its_files_make_it_has_not_drifted(judged: CarefulGround) -> None:
    (found,) = look(judged)
    assert (found.changes, found.missing, found.pending, found.error) == ([], (), 0, None)
    assert found.server is not None


def test_pending_files_are_no_drift(judged: CarefulGround) -> None:
    judged.write(3)
    (found,) = look(judged)
    assert (found.changes, found.pending) == ([], 1)


def test_what_was_done_by_hand_is_drift(judged: CarefulGround) -> None:
    judged.ask("ALTER TABLE t1 ADD COLUMN by_hand text; DROP TABLE t2; CREATE VIEW v AS SELECT 1 AS a")
    (found,) = look(judged)
    assert told(found) == [
        ("column", "t1.by_hand", "extra"),
        ("table", "t2", "missing"),
        ("view", "v", "extra"),
    ]


def test_owners_and_privileges_count_unless_told_otherwise(judged: CarefulGround) -> None:
    judged.write(3)
    judged.up()
    judged.ask("GRANT SELECT ON t1 TO pg_monitor; ALTER TABLE t2 OWNER TO pg_database_owner")
    (found,) = look(judged)
    assert ("table", "t1", "privileges") in told(found)
    assert ("table", "t2", "owner") in told(found)
    (lenient,) = look(judged, Strictness(owners=False, privileges=False))
    assert told(lenient) == []


def test_a_version_without_a_file_cannot_be_judged(judged: CarefulGround) -> None:
    (judged.base / "migrations" / "2_t.sql").unlink()
    (found,) = look(judged)
    assert (list(found.missing), found.changes) == ([2], ())


def test_many_targets_are_looked_at_together_and_one_failure_keeps_no_other(judged: CarefulGround) -> None:
    assert look(judged, copies=3, at_once=1) == look(judged, copies=3, at_once=2)
    found = look(judged, copies=5)
    assert [each.changes for each in found] == [[]] * 5
    judged.dsn = judged.dsn.replace("127.0.0.1", "127.0.0.9")
    (lost,) = look(judged)
    assert lost.error is not None and lost.server is None


def test_a_database_before_its_first_file_is_empty(judged: CarefulGround) -> None:
    judged.ask("DROP TABLE t1, t2, goose_db_version; DROP SCHEMA greylag CASCADE")
    (found,) = look(judged)
    assert (told(found), found.pending) == ([], 2)


def test_two_catalogs_of_two_owners_are_alike(judged: CarefulGround) -> None:
    catalog = judged.session.catalog()
    theirs = catalog._replace(
        schemas=tuple(
            each._replace(owner="app" if each.owner == "postgres" else each.owner) for each in catalog.schemas
        ),
        tables=tuple(each._replace(owner="app") for each in catalog.tables),
        sequences=tuple(each._replace(owner="app") for each in catalog.sequences),
    )
    assert differences(catalog, theirs) == []


def test_a_database_of_clickhouse(
    clickhouse: ClickhouseServer,
    clickhouse_database: str,
    tmp_path: Path,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its files name the database, and are run on one of that name."""
    monkeypatch.setattr(schema_diff, "workshop_of", lambda _: workshop)
    table = f"{clickhouse_database}.events"
    up = f"CREATE TABLE {table} (id UInt64, ts DateTime) ENGINE = MergeTree ORDER BY id TTL ts + INTERVAL 5 YEAR"
    (tmp_path / "00001_events.sql").write_text(f"-- +goose Up\n{up};\n-- +goose Down\nDROP TABLE {table};\n")
    folder = target_of_folder(str(tmp_path), str(tmp_path), Environ({}, str(tmp_path)))
    target = with_dsn(folder, Dsn(clickhouse.url(clickhouse_database)), "--dsn")
    resolution = Resolution([target], None, str(tmp_path), "test", [])
    session = connect("clickhouse", clickhouse.url(clickhouse_database), "goose_db_version")
    list(run_up(session, str(tmp_path), RunOptions()))
    session.close()
    (found,) = drift(resolution, {})
    assert (found.error, found.changes, found.pending) == (None, [], 0)
    clickhouse.ask(f"ALTER TABLE {table} REMOVE TTL")
    (found,) = drift(resolution, {})
    assert told(found) == [("table", "events", "ttl")]
