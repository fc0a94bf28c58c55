"""``greylag doctor`` on real databases in every bad state it knows: what it says, and what its repairs do."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from greylag.cli.guard import outcome
from greylag.cli.main import greylag_command
from tests.plugins.embedded import SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.embedded import Ground
    from tests.plugins.pgbouncer import Pooled
    from tests.plugins.postgres import PostgresServer

SECRET = "Tr0ub4dor"
TABLE = "-- +goose Up\nCREATE TABLE {0} (id int);\n-- +goose Down\nDROP TABLE {0};\n"


def typed(folder: Path, *words: str, code: int = 0) -> tuple[str, str]:
    """stdout and stderr of a command that ends with ``code``; in this process, for the sake of time."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = outcome(
                lambda: greylag_command.main(list(words), prog_name="greylag", standalone_mode=False)
            )
    assert ended == code, out.getvalue() + err.getvalue()
    assert SECRET not in out.getvalue() + err.getvalue()
    return out.getvalue(), err.getvalue()


class Patient:
    """A database with three migrations applied, and a folder that holds them."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.name = url.rpartition("/")[2].partition("?")[0]
        (folder / "migrations").mkdir()
        for version, name in enumerate(("users", "devices", "sessions"), 1):
            (folder / "migrations" / f"0000{version}_{name}.sql").write_text(TABLE.format(name))

    def run(self, *words: str, url: str = "", code: int = 0, **environ: str) -> tuple[str, str]:
        """A command on the folder and the database."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            return typed(self.folder, *words, "--dir", "migrations", "--dsn", url or self.url, code=code)

    def doctor(self, *words: str, code: int = 0, **named: str) -> dict[str, list[Any]]:
        """The findings that are not ok, by check."""
        out, err = self.run("doctor", "--json", *words, code=code, **named)
        assert err == ""
        (report,) = json.loads(out)
        assert report["bad"] is (code == 1)
        found: dict[str, list[Any]] = {}
        for finding in report["checks"]:
            if finding["level"] != "ok":
                found.setdefault(finding["check"], []).append(finding)
        return found

    def only(self, check: str, *words: str, **named: Any) -> Any:
        (finding,) = self.doctor(*words, **named)[check]
        return finding

    def sql(self, *statements: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def patient(tmp_path: Path, database: str) -> Patient:
    made = Patient(tmp_path, database)
    made.run("up")
    return made


def test_a_sound_database(patient: Patient) -> None:
    assert set(patient.doctor()) <= {"programs", "goose"}
    out, err = patient.run("doctor")
    assert err == ""
    assert "  nothing is wrong\n" in out
    assert "ok    connection      127.0.0.1:" in out


# -- the way there -----------------------------------------------------------------------------------------


def test_why_there_is_no_connection(patient: Patient) -> None:
    good = patient.url.replace("postgres@", "postgres:Tr0ub4dor@")
    cases = {
        "connection refused by 127.0.0.1:1": (
            "postgres://ann:Tr0ub4dor@127.0.0.1:1/x?sslmode=disable",
            "G021",
        ),
        'database "gone" does not exist': (
            good.replace(f"/{patient.name}?", "/gone?"),
            "3D000",
        ),
        'role "ann" does not exist': (good.replace("postgres:Tr0ub4dor@", "ann:Tr0ub4dor@"), "28000"),
    }
    for text, (url, page) in cases.items():
        found = patient.only("connection", code=1, url=url)
        assert found["level"] == "bad" and found["text"] == text
        assert found["next"][-1] == f"greylag explain {page}"
        out, _ = patient.run("doctor", code=1, url=url)
        assert out.startswith("migrations: no connection (from --dsn)\n")
        assert out.endswith("  1 bad\n")


def test_a_wrong_password(patient: Patient, own_postgres: PostgresServer) -> None:
    with psycopg.connect(own_postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE ann LOGIN PASSWORD 'right'")
    (own_postgres.base / "data" / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    own_postgres.control("reload")
    url = own_postgres.url(role="ann:wrong")
    found = patient.only("connection", code=1, url=url)
    assert found["text"] == 'password authentication failed for user "ann"'
    assert found["next"][-1] == "greylag explain 28P01"
    assert patient.doctor(url=url.replace(":wrong", ":right"), code=1)["create"], (
        "and with the right one it looks"
    )


@pytest.mark.parametrize(
    ("mode", "level", "code"), [("session", "note", 0), ("transaction", "bad", 1), ("statement", "bad", 1)]
)
def test_a_pooler(patient: Patient, pooled: Pooled, mode: str, level: str, code: int) -> None:
    found = patient.only("pooler", url=pooled(patient.url, mode), code=code)
    assert found["level"] == level
    assert ("pool_mode = session" in str(found["next"])) == (mode != "session")


# -- the server and its settings ---------------------------------------------------------------------------


def mended(patient: Patient, check: str, *, code: int = 0) -> str:
    """What a check says; what it tells to type is typed, and it is content."""
    found = patient.only(check, code=code)
    patient.sql(*found["next"])
    assert check not in patient.doctor()
    return str(found["text"])


def test_a_time_zone_of_the_database(patient: Patient) -> None:
    patient.sql(
        "CREATE TABLE stamped (at timestamp)",
        f"ALTER DATABASE \"{patient.name}\" SET timezone TO 'Asia/Seoul'",
    )
    text = mended(patient, "time-zone")
    assert text.startswith(f"Asia/Seoul, set by the database {patient.name}: ")
    assert "1 column of timestamp without time zone" in text


def test_a_time_zone_of_the_role_in_this_database(patient: Patient) -> None:
    patient.sql(f"ALTER ROLE postgres IN DATABASE \"{patient.name}\" SET timezone TO 'Asia/Seoul'")
    assert "the role postgres in the database" in mended(patient, "time-zone")


def test_a_time_zone_of_another_role(patient: Patient) -> None:
    role = f"app_{patient.name}"
    patient.sql(
        f"CREATE ROLE {role}",
        f"ALTER ROLE {role} IN DATABASE \"{patient.name}\" SET timezone TO 'Asia/Seoul'",
    )
    try:
        assert mended(patient, "time-zone") == f"the role {role} works in Asia/Seoul"
    finally:
        patient.sql(f"DROP ROLE {role}")


def test_a_time_zone_of_the_connection(patient: Patient) -> None:
    found = patient.only("time-zone", PGTZ="Asia/Seoul")
    assert "PGTZ" in found["text"]
    assert found["next"] == ["take timezone out of the connection string and the environment"]


def test_timeouts(patient: Patient) -> None:
    patient.sql(
        f"ALTER DATABASE \"{patient.name}\" SET statement_timeout TO '90s'",
        f'ALTER DATABASE "{patient.name}" SET lock_timeout TO 1500',
    )
    first, second = patient.doctor()["timeouts"]
    assert first["text"].startswith(f"lock_timeout is 1.5 s, set by the database {patient.name}: ")
    assert second["text"].startswith("statement_timeout is 90 s, ")
    patient.sql(*first["next"], *second["next"])
    assert "timeouts" not in patient.doctor()


def test_read_only_by_default(patient: Patient) -> None:
    patient.sql(f'ALTER DATABASE "{patient.name}" SET default_transaction_read_only TO on')
    assert mended(patient, "writable", code=1).startswith("transactions are read-only, set by the database")


def test_a_standby_and_standbys_that_are_waited_for(patient: Patient, own_postgres: PostgresServer) -> None:
    url = own_postgres.url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER ROLE postgres SET synchronous_commit TO on")
        connection.execute("ALTER SYSTEM SET synchronous_standby_names TO 'far'")
    own_postgres.stop("fast")
    own_postgres.start()
    found = patient.only("replication", url=url, code=1)
    assert found["text"] == "every commit waits for a synchronous standby (far), and none is connected"
    own_postgres.stop("fast")
    (own_postgres.base / "data" / "standby.signal").touch()
    own_postgres.start()
    found = patient.only("writable", url=url, code=1)
    assert found["text"] == "the server is a standby: it takes no writes"


# -- the role ----------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(patient: Patient) -> Iterator[str]:
    """The URL of a role with no rights at all, three connections at most."""
    role = f"clerk_{patient.name}"
    patient.sql(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 3")
    yield patient.url.replace("postgres@", f"{role}@")
    patient.sql(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_role_without_rights(patient: Patient, clerk: str) -> None:
    role = f"clerk_{patient.name}"
    found = patient.doctor(url=clerk, code=1)
    assert [each["level"] for each in found["create"]] == ["bad", "note"]
    assert found["table-rights"][0]["text"] == (
        f"{role} lacks SELECT, INSERT, DELETE on goose_db_version, which postgres owns"
    )
    assert found["owners"][0]["text"].startswith("4 tables of the schema public belong to postgres")
    assert found["version-table"][0]["text"] == (
        f"cannot be seen as {role}: permission denied for table goose_db_version"
    )
    assert "cannot be seen" in found["processes"][0]["text"]
    assert (
        found["headroom"][0]["text"] == "1 of the 3 connections of this role are taken: a run may find none"
    )
    for check in ("create", "table-rights", "owners", "processes"):
        patient.sql(*(step for each in found[check] for step in each["next"]))
    left = patient.doctor(url=clerk)
    assert not {"create", "table-rights", "owners", "version-table", "processes"} & set(left)


def test_no_schema_to_make_tables_in(patient: Patient) -> None:
    patient.sql("DROP SCHEMA public CASCADE")
    assert patient.only("create", code=1)["next"] == ["CREATE SCHEMA public;", "or correct search_path"]
    found = patient.only("create", "--table", "far.goose_db_version", code=1)
    assert found["text"] == "there is no schema far"
    patient.sql(*found["next"])
    assert "create" not in patient.doctor("--table", "far.goose_db_version")


# -- the version table -------------------------------------------------------------------------------------

EMPTY = "TRUNCATE goose_db_version"
FAULTS = {
    "empty": ("version-table", "bad", [EMPTY]),
    "no row for version 0": ("first-row", "warn", ["DELETE FROM goose_db_version WHERE version_id = 0"]),
    "recorded twice": (
        "duplicates",
        "warn",
        ["INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, true), (3, true), (3, true)"],
    ),
    "taken back by an old goose": (
        "false-rows",
        "bad",
        ["INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, false), (2, false)"],
    ),
    "taken back and applied again": (
        "false-rows",
        "warn",
        ["INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, false), (3, true)"],
    ),
    "a row without a time": (
        "times",
        "bad",
        ["ALTER TABLE goose_db_version ALTER tstamp DROP NOT NULL", "UPDATE goose_db_version SET tstamp = NULL"],
    ),
    "no default for the time": (
        "columns", "bad", ["ALTER TABLE goose_db_version ALTER tstamp DROP DEFAULT"],
    ),
    "no default for the id": ("columns", "bad", ["ALTER TABLE goose_db_version ALTER id DROP IDENTITY"]),
    "ids behind their rows": (
        "sequence", "bad", ["SELECT setval(pg_get_serial_sequence('goose_db_version', 'id'), 1)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_version_table_and_its_repair(patient: Patient, fault: str) -> None:
    check, level, statements = FAULTS[fault]
    before = patient.sql("SELECT * FROM goose_db_version ORDER BY id")
    patient.sql(*statements)
    found = patient.only(check, code=int(level == "bad"))
    assert found["level"] == level and found["repair"], found
    rows = patient.sql("SELECT * FROM goose_db_version ORDER BY id")
    assert patient.only(check, code=int(level == "bad")) == found
    assert rows == patient.sql("SELECT * FROM goose_db_version ORDER BY id"), "looking changes nothing"
    out, _ = patient.run("doctor", "--repair")
    assert f"mended  {found['repair'][0]};" in out
    assert check not in patient.doctor()
    if fault == "recorded twice":
        assert patient.sql("SELECT * FROM goose_db_version ORDER BY id") == before


def test_rows_after_a_repair_are_those_that_hold(patient: Patient) -> None:
    patient.sql(
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, false), (2, false), (2, true)"
    )
    assert patient.only("false-rows", code=1)["text"].startswith("version 3 is taken back by an old goose")
    patient.run("doctor", "--repair")
    assert [row[0] for row in patient.sql("SELECT version_id FROM goose_db_version ORDER BY id")] == [0, 1, 2]


def test_all_faults_at_once(patient: Patient) -> None:
    patient.sql(
        "DELETE FROM goose_db_version WHERE version_id = 0",
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, false), (3, false), (1, true)",
        "SELECT setval(pg_get_serial_sequence('goose_db_version', 'id'), 2)",
    )
    assert {"first-row", "false-rows", "duplicates", "sequence"} <= set(patient.doctor(code=1))
    patient.run("doctor", "--repair")
    assert patient.sql("SELECT version_id, is_applied FROM goose_db_version ORDER BY id") == [
        (0, True), (1, True), (2, True),
    ]  # fmt: skip
    patient.sql("DROP TABLE sessions")
    patient.run("up")
    assert set(patient.doctor()) <= {"programs", "goose"}


def test_a_table_that_is_not_there_and_one_that_is_not_gooses(patient: Patient) -> None:
    found = patient.only("version-table", "--table", "elsewhere")
    assert (found["level"], found["next"]) == ("note", ["greylag up makes it"])
    texts = [each["text"] for each in patient.doctor("--table", "users", code=1)["columns"]]
    assert "users has no column version_id: it is not goose's" in texts


def test_versions_without_files(patient: Patient) -> None:
    (patient.folder / "migrations" / "00002_devices.sql").unlink()
    (patient.folder / "migrations" / "00003_sessions.sql").unlink()
    ahead = patient.only("orphans")
    assert ahead["text"] == "ahead of this checkout by 2: versions 2 and 3 are applied, and no file is here"
    (patient.folder / "migrations" / "00003_sessions.sql").write_text(TABLE.format("sessions"))
    deleted = patient.only("orphans")
    assert deleted["text"] == "version 2 is applied, and the file is gone from the middle of the folder"
    assert deleted["repair"] == [], "nothing says whether what it made is to stay"
    patient.sql(deleted["next"][-1].partition(": ")[2])
    assert "orphans" not in patient.doctor()


def test_a_table_that_somebody_has_locked(patient: Patient) -> None:
    with psycopg.connect(patient.url) as connection:
        connection.execute("LOCK TABLE goose_db_version IN ACCESS EXCLUSIVE MODE")
        found = patient.only("version-table")
        assert "lock timeout" in found["text"]
    assert "version-table" not in patient.doctor()


def test_no_repair_while_a_run_is_under_way(patient: Patient) -> None:
    patient.sql(EMPTY)
    with psycopg.connect(patient.url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(4097083626)")
        assert patient.only("runner-lock", code=1)["level"] == "note"
        out, err = patient.run("doctor", "--repair", code=1)
        assert "lock timeout" in err and "  next: " in err
        assert "--repair runs: " in out and "mended" not in out
    assert patient.sql("SELECT * FROM goose_db_version") == []


# -- leftovers ---------------------------------------------------------------------------------------------


def test_a_process_of_a_run_and_the_lock(patient: Patient) -> None:
    with psycopg.connect(patient.url, application_name="greylag up 1") as connection:
        pid = connection.info.backend_pid
        connection.execute("SELECT pg_advisory_lock(4097083626)")
        found = patient.doctor()
    assert found["processes"][0]["text"].startswith(
        f"process {pid} of postgres from 127.0.0.1 (greylag up 1) is in an open transaction for"
    )
    assert found["processes"][0]["next"] == [f"to end it: SELECT pg_terminate_backend({pid});"]
    assert found["runner-lock"][0]["text"].startswith(f"process {pid} of postgres")
    assert not {"processes", "runner-lock"} & set(patient.doctor())


def test_indexes_that_are_not_valid(patient: Patient) -> None:
    patient.sql("INSERT INTO users VALUES (1), (1)")
    for statement in ("CREATE UNIQUE INDEX CONCURRENTLY one ON users (id)", "REINDEX INDEX CONCURRENTLY one"):
        with pytest.raises(psycopg.errors.UniqueViolation):
            patient.sql(statement)
    broken, leftover = patient.doctor(code=1)["indexes"]
    assert broken["text"] == "one on users is invalid: its build was broken off"
    assert leftover["text"] == "one_ccnew on users is an invalid leftover of REINDEX CONCURRENTLY"
    patient.sql(*leftover["next"], "DELETE FROM users", broken["next"][1])
    assert "indexes" not in patient.doctor()


def test_an_index_that_is_being_built_is_none(patient: Patient) -> None:
    with psycopg.connect(patient.url) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT * FROM users")
        with psycopg.connect(patient.url, autocommit=True) as builder:
            thread = threading.Thread(
                target=builder.execute, args=("CREATE INDEX CONCURRENTLY one ON users (id)",)
            )
            thread.start()
            wait_until(lambda: patient.sql("SELECT 1 FROM pg_index WHERE NOT indisvalid") != [])
            assert "indexes" not in patient.doctor()
            reader.rollback()
            thread.join(SECONDS)


def test_constraints_that_are_not_validated(patient: Patient) -> None:
    patient.sql('ALTER TABLE users ADD CONSTRAINT "Odd" CHECK (id > 0) NOT VALID')
    assert mended(patient, "constraints").startswith('"Odd" on users is NOT VALID')


def test_prepared_transactions(patient: Patient, own_postgres: PostgresServer) -> None:
    url = own_postgres.url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET max_prepared_transactions TO 2")
    own_postgres.stop("fast")
    own_postgres.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("BEGIN")
        connection.execute("PREPARE TRANSACTION 'it''s'")
        found = patient.only("prepared", url=url)
        assert found["text"].startswith("it's of postgres is prepared for ")
        connection.execute(found["next"][0])
    assert "prepared" not in patient.doctor(url=url)


def test_a_file_that_was_broken_off(patient: Patient) -> None:
    path = patient.folder / "migrations" / "00004_more.sql"
    path.write_text("-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE more (id int);\nSELECT 1/0;\n")
    patient.run("up", code=1)
    found = patient.only("unfinished", code=1)
    assert found["text"].startswith("00004_more.sql was broken off after 1 of its statements, run by ")
    assert "greylag resolve 4 --resume" in found["next"][1]
    path.write_text(path.read_text().replace("1/0", "1"))
    patient.run("up")
    assert "unfinished" not in patient.doctor()


# -- other faces -------------------------------------------------------------------------------------------


def test_sqlite(patient: Patient) -> None:
    url, file = "sqlite:shop.db", patient.folder / "shop.db"
    assert {"file", "version-table"} <= set(patient.doctor(url=url))
    assert not file.exists(), "looking makes no file"
    patient.run("up", url=url)
    assert set(patient.doctor(url=url)) <= {"programs"}

    def damage(*statements: str) -> None:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    damage(
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, 0), (1, 1)",
        "UPDATE goose_db_version SET tstamp = NULL WHERE version_id = 2",
        "DELETE FROM goose_db_version WHERE version_id = 0",
    )
    assert {"false-rows", "duplicates", "times", "first-row"} <= set(patient.doctor(url=url, code=1))
    patient.run("doctor", "--repair", url=url)
    assert set(patient.doctor(url=url)) <= {"programs"}
    damage("DELETE FROM goose_db_version")
    assert patient.only("version-table", url=url, code=1)["level"] == "bad"
    patient.run("doctor", "--repair", url=url)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT version_id, is_applied FROM goose_db_version").fetchall()
    assert rows == [(0, 1)]


def test_a_folder_that_is_not_there_or_at_fault(patient: Patient) -> None:
    (patient.folder / "migrations" / "nonsense.sql").touch()
    found = patient.only("files", code=1)
    assert "nonsense.sql" in found["text"] and found["level"] == "bad"
    for path in (patient.folder / "migrations").iterdir():
        path.unlink()
    assert patient.only("files")["text"] == "migrations holds no migrations"
    (patient.folder / "migrations").rmdir()
    assert "does not exist" in patient.only("files", code=1)["text"]


@pytest.fixture
def workspace(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """The same database as a protected target with a Secret in a cluster, beside one that does not answer."""
    service = patient.folder / "services" / "shop"
    service.mkdir(parents=True)
    (patient.folder / "migrations").rename(service / "migrations")
    (patient.folder / "greylag.toml").write_text(
        f"""\
[workspace]
name = "corner"
[environments.prod]
protected = true
namespace = "prod-corner"
database = {{ postgres = "{patient.name}" }}
[environments.dev]
[secrets]
kubernetes = {{ name = "{{workspace}}-{{service}}-secret", key = "database-url" }}
[services.shop.databases.shop]
"""
    )
    monkeypatch.setenv("SHOP_PROD_URL", patient.url.replace("postgres@", "postgres:Tr0ub4dor@"))
    return patient


def test_several_targets_in_one_document(workspace: Patient) -> None:
    out, _ = typed(workspace.folder, "doctor", "shop@prod", "shop@dev", "--json", code=1)
    first, second = json.loads(out)
    assert (first["target"], first["source"], first["bad"]) == ("shop@prod", "SHOP_PROD_URL", False)
    assert (second["target"], second["server"], second["bad"]) == ("shop@dev", None, True)
    assert second["checks"][-1]["text"].startswith("no connection string for shop@dev")


def test_a_protected_target_is_repaired_only_when_meant(workspace: Patient) -> None:
    workspace.sql(EMPTY)
    _, err = typed(workspace.folder, "doctor", "shop@prod", "--repair", code=2)
    assert "shop@prod is protected" in err and "--yes" in err
    assert workspace.sql("SELECT * FROM goose_db_version") == []
    out, _ = typed(workspace.folder, "doctor", "shop@prod", "--repair", "--yes")
    assert "mended" in out
    assert workspace.sql("SELECT version_id FROM goose_db_version") == [(0,)]


def test_the_clusters_command_names_the_secret_and_holds_none(workspace: Patient) -> None:
    out, _ = typed(workspace.folder, "doctor", "shop@prod", "--in-cluster")
    name, command = out.split("\n", 1)
    assert name == "# shop@prod"
    words = shlex.split(command)
    assert words[:6] == ["kubectl", "run", "psql-test", "--rm", "-it", "--restart=Never"]
    assert words[6:8] == ["--image=postgres:16", "--namespace=prod-corner"]
    (container,) = json.loads(words[8].removeprefix("--overrides="))["spec"]["containers"]
    assert container["env"] == [
        {
            "name": "DATABASE_URL",
            "valueFrom": {"secretKeyRef": {"name": "corner-shop-secret", "key": "database-url"}},
        }
    ]


@pytest.mark.parametrize("ending", [0, 1])
def test_the_clusters_command_is_run(
    workspace: Patient, monkeypatch: pytest.MonkeyPatch, ending: int
) -> None:
    """kubectl is a script here that notes its words: no test reaches a cluster."""
    programs = workspace.folder / "programs"
    programs.mkdir()
    fake = programs / "kubectl"
    fake.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {programs}/words\nexit {ending}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    out, _ = typed(workspace.folder, "doctor", "shop@prod", "--in-cluster", "--run", code=ending)
    assert ("shop@prod: ok" in out) == (ending == 0)
    words = (programs / "words").read_text().splitlines()
    assert words[:4] == ["run", "psql-test", "--rm", "-i"], "nobody sits at a test"
    out, _ = typed(workspace.folder, "doctor", "shop@prod", "--in-cluster", "--run", "--json", code=ending)
    assert json.loads(out)[0]["exit_code"] == ending


def test_without_kubectl_or_a_secret(workspace: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(workspace.folder))
    _, err = typed(workspace.folder, "doctor", "shop@prod", "--in-cluster", "--run", code=2)
    assert "kubectl is not on PATH" in err
    _, err = typed(workspace.folder, "doctor", "shop", "--in-cluster", code=2)
    assert "shop@local has no Secret in a cluster that is known here" in err
    _, err = typed(workspace.folder, "doctor", "shop@prod", "--run", code=2)
    assert "--run goes with --in-cluster" in err


def test_a_local_target(ground: Ground) -> None:
    """The embedded server as it was before the look, which starts it."""
    (ground.workspace / "migrations").mkdir()
    (ground.workspace / "migrations" / "00001_users.sql").write_text(TABLE.format("users"))
    out, _ = typed(ground.workspace, "doctor")
    assert "note  embedded        it was not running, and was started to look; data in " in out
    assert "ok    embedded        PostgreSQL 16" in typed(ground.workspace, "doctor")[0]
