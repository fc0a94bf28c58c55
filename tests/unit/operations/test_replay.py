from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import DatabaseError, ReplayError
from greylag.operations.replay import missing_role, replay, trace_changes

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.operations.scratch import Workshop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, 1, "CREATE TABLE users (id int PRIMARY KEY);")
    write(tmp_path, 2, "CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users);")
    return tmp_path


def write(folder: Path, version: int, up: str) -> None:
    (folder / f"{version:05d}_x.sql").write_text(f"-- +goose Up\n{up}\n-- +goose Down\nSELECT 1;\n")


def test_files_give_the_schema_they_make(workshop: Workshop, folder: Path) -> None:
    catalog = replay(workshop, str(folder), "postgres")
    assert [each.name for each in catalog.tables] == ["posts", "users"]
    assert catalog.sequences == ()


def test_only_the_versions_asked_for_are_run(workshop: Workshop, folder: Path) -> None:
    assert [each.name for each in replay(workshop, str(folder), "postgres", only={1}).tables] == ["users"]


def test_roles_the_files_name_are_made(workshop: Workshop, folder: Path) -> None:
    write(folder, 3, 'GRANT SELECT ON users TO app_reader; GRANT INSERT ON users TO "Odd ""name"" here";')
    grants = replay(workshop, str(folder), "postgres").tables[1].grants
    assert grants is not None
    assert {"app_reader", 'Odd "name" here'} <= {each.grantee for each in grants}


def test_a_file_that_does_not_run_is_named_with_its_place(workshop: Workshop, folder: Path) -> None:
    write(folder, 3, "ALTER TABLE users\n  ADD COLUMN a no_such_type;")
    with pytest.raises(ReplayError) as refusal:
        replay(workshop, str(folder), "postgres")
    assert 'type "no_such_type" does not exist' in refusal.value.message
    assert str(refusal.value.where) == f"{folder}/00003_x.sql:3:16"
    assert refusal.value.hint


@pytest.mark.parametrize("engine", ["sqlite", "clickhouse"])
def test_other_engines(workshop: Workshop, tmp_path: Path, engine: str) -> None:
    if engine == "clickhouse":
        pytest.importorskip("chdb")
    more = " ENGINE = MergeTree ORDER BY id" if engine == "clickhouse" else ""
    kind = "Int32" if engine == "clickhouse" else "int"
    write(tmp_path, 1, f"CREATE TABLE users (id {kind}){more};")
    assert [each.name for each in replay(workshop, str(tmp_path), engine).tables] == ["users"]


@pytest.mark.parametrize(
    ("sqlstate", "message", "role"),
    [
        ("42704", 'role "app" does not exist', "app"),
        ("42704", 'type "app" does not exist', None),
        ("42P01", 'role "app" does not exist', None),
    ],
)
def test_only_a_missing_role_is_one(sqlstate: str, message: str, role: str | None) -> None:
    assert missing_role(DatabaseError(message, driver_text=message, sqlstate=sqlstate)) == role


def test_what_every_file_changes_is_traced(workshop: Workshop, folder: Path) -> None:
    write(folder, 3, "GRANT SELECT ON users TO tracer; ALTER TABLE users ADD COLUMN name text;")
    traced = trace_changes(workshop, str(folder), "postgres")
    assert [migration.version for migration, _ in traced] == [1, 2, 3]
    assert [[(each.name, each.what) for each in changes] for _, changes in traced] == [
        [("users", "extra")],
        [("posts", "extra")],
        [("users", "privileges"), ("users.name", "extra")],
    ]


def test_files_of_clickhouse_name_their_database(workshop: Workshop, tmp_path: Path) -> None:
    pytest.importorskip("chdb")
    write(
        tmp_path,
        1,
        "CREATE TABLE audit_db.t ON CLUSTER 'c' (id UInt8) ENGINE = ReplicatedMergeTree ORDER BY id;",
    )
    catalog = replay(workshop, str(tmp_path), "clickhouse", database="audit_db")
    assert [(each.schema, each.name, each.engine) for each in catalog.tables] == [
        ("audit_db", "t", "MergeTree")
    ]
    ((_, changes),) = trace_changes(workshop, str(tmp_path), "clickhouse", database="audit_db")
    assert [(change.name, change.what) for change in changes] == [("t", "extra")]
    with pytest.raises(ReplayError, match="audit_db does not exist"):
        replay(workshop, str(tmp_path), "clickhouse")
