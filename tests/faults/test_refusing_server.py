"""A server that cannot or may not write: a full disk, a read-only database, a role without rights."""

from __future__ import annotations

import os
import re
import resource
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.conftest import ask
from tests.faults.story import journal, journal_name, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.story import Teller
    from tests.plugins.postgres import PostgresServer

MIB = 1 << 20
FILL = "INSERT INTO b SELECT g FROM generate_series(8, 1000000) g;"
"""Some 35 MiB, more than there is room for."""


def fill(teller: Teller, name: str) -> None:
    """Let a file of the story write more than there is room for, behind what else its Up does."""
    path = teller.folder / name
    up, down, rest = path.read_text().partition("-- +goose Down")
    path.write_text(f"{up}{FILL}\n{down}{rest}")


# -- no room -----------------------------------------------------------------------------------------------


def restart_limited(server: PostgresServer, size: int) -> None:
    """Start the server anew, with RLIMIT_FSIZE for all its processes."""
    server.stop("fast")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def check_no_room(database: str, teller: Teller, name: str, words: str) -> None:
    failed = teller.run(database, "up", "--yes")
    assert failed.code == 1
    assert name in failed.said
    assert re.search(words, failed.said), failed.said
    assert versions(database) == [1, 2, 3][: int(name[4]) - 1]
    assert untrue(database) == []


def check_room_again(database: str, teller: Teller) -> None:
    again = teller.run(database, "up", "--yes")
    assert again.code == 0, again.said
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    assert rows(database, "SELECT count(*), min(n), max(n) FROM b") == [(999_994, 7, 1_000_000)]


@pytest.mark.parametrize("name", ["00003_apart.sql", "00004_c.sql"])
def test_a_file_of_the_server_reaches_rlimit_fsize(
    own_postgres: PostgresServer, teller: Teller, name: str
) -> None:
    database = own_postgres.url()
    fill(teller, name)
    restart_limited(own_postgres, 20 * MIB)
    check_no_room(database, teller, name, "File too large")
    assert teller.run(database, "status").code == 0
    restart_limited(own_postgres, resource.RLIM_INFINITY)
    check_room_again(database, teller)


@pytest.fixture
def small_disk(own_postgres: PostgresServer) -> Iterator[Path]:
    """A tmpfs of 24 MiB, where root runs the tests and may mount one."""
    place = own_postgres.base / "small"
    place.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True
        ).returncode
    ):
        pytest.skip("no right to mount a tmpfs here")
    yield place
    own_postgres.stop()
    subprocess.run(["umount", str(place)], check=True)


def test_a_small_tmpfs_is_full(own_postgres: PostgresServer, small_disk: Path, teller: Teller) -> None:
    # Tables, version table and journal are all on it.
    database = own_postgres.url()
    (small_disk / "space").mkdir()
    os.chown(small_disk / "space", own_postgres.ids["user"], own_postgres.ids["group"])  # type: ignore[arg-type]
    ask(database, f"CREATE TABLESPACE small LOCATION '{small_disk / 'space'}'")
    ask(database, "ALTER DATABASE postgres SET default_tablespace = small")
    fill(teller, "00003_apart.sql")
    check_no_room(database, teller, "00003_apart.sql", "53100")
    subprocess.run(["mount", "-o", "remount,size=400m", str(small_disk)], check=True)
    check_room_again(database, teller)


# -- read-only ---------------------------------------------------------------------------------------------


def read_only(database: str, value: str) -> None:
    name = database.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")


@pytest.mark.parametrize("before", [0, 2])
def test_a_read_only_database(database: str, teller: Teller, before: int) -> None:
    if before:
        assert teller.run(database, f"up-to {before}", "--yes").code == 0
    found, noted = state(database), journal(database)
    read_only(database, "on")
    failed = teller.run(database, "up", "--yes")
    assert failed.code == 1
    assert "25006" in failed.said
    assert "read-only" in failed.said
    assert teller.run(database, "status").code == 0
    assert (state(database), journal(database)) == (found, noted)
    read_only(database, "off")
    assert teller.run(database, "up", "--yes").code == 0
    assert untrue(database) == []


# -- rights ------------------------------------------------------------------------------------------------


class Roles:
    """A role of this test that may nothing but connect; ``url`` is its way in."""

    def __init__(self, database: str, name: str) -> None:
        self.database, self.name = database, name
        self.url = database.replace("//postgres@", f"//{name}@")

    def allow(self, *grants: str) -> None:
        for grant in grants:
            ask(self.database, f"GRANT {grant} TO {self.name}")


@pytest.fixture
def newcomer(database: str) -> Iterator[Roles]:
    made = Roles(database, f"newcomer_{os.getpid()}")
    ask(database, f"CREATE ROLE {made.name} LOGIN")
    yield made
    ask(database, f"DROP OWNED BY {made.name}")
    ask(database, f"DROP ROLE {made.name}")


def test_a_role_that_may_make_no_schema(database: str, newcomer: Roles, teller: Teller) -> None:
    newcomer.allow("CREATE ON SCHEMA public")
    assert teller.run(newcomer.url, "up", "--yes").code == 0
    assert journal_name(database) == "public.greylag_journal"
    assert untrue(database) == []
    assert rows(database, "SELECT 1 FROM pg_namespace WHERE nspname = 'greylag'") == []
    assert teller.run(newcomer.url, "down").code == 0
    assert teller.run(newcomer.url, "history").code == 0
    # one with more rights finds it there, and makes no second one
    assert teller.run(database, "up", "--yes").code == 0
    assert journal_name(database) == "public.greylag_journal"
    assert untrue(database) == []


def test_a_role_that_may_make_nothing(database: str, newcomer: Roles, teller: Teller) -> None:
    failed = teller.run(newcomer.url, "up", "--yes")
    assert failed.code == 1
    assert "42501" in failed.said
    assert "permission denied for schema public" in failed.said
    assert "GRANT" in failed.said
    assert rows(database, "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []


def test_a_version_table_of_somebody_else(database: str, newcomer: Roles, teller: Teller) -> None:
    made = (
        "CREATE TABLE goose_db_version (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "
        "version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now()); "
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true)"
    )
    ask(database, made)
    newcomer.allow("CREATE ON SCHEMA public")
    failed = teller.run(newcomer.url, "up", "--yes")
    assert failed.code == 1
    assert "permission denied for table goose_db_version" in failed.said
    newcomer.allow("SELECT, INSERT, DELETE ON goose_db_version")
    again = teller.run(newcomer.url, "up", "--yes")
    assert again.code == 0, again.said
    assert untrue(database) == []


def test_a_journal_of_somebody_else(database: str, newcomer: Roles, teller: Teller) -> None:
    """The remedy that is printed is one."""
    assert teller.run(database, "up-to 2", "--yes").code == 0
    noted = journal(database)
    newcomer.allow("CREATE ON SCHEMA public", "SELECT, INSERT, DELETE ON goose_db_version")
    failed = teller.run(newcomer.url, "up", "--yes")
    assert failed.code == 1
    assert "42501" in failed.said
    assert "journal" in failed.said
    assert (versions(database), journal(database)) == ([1, 2], noted)
    (remedy,) = re.findall(r"GRANT USAGE ON SCHEMA greylag.*", failed.said)
    ask(database, remedy)
    ask(database, f"ALTER TABLE a OWNER TO {newcomer.name}; ALTER TABLE b OWNER TO {newcomer.name}")
    again = teller.run(newcomer.url, "up", "--yes")
    assert again.code == 0, again.said
    assert untrue(database) == []


def test_a_table_of_somebody_else(database: str, newcomer: Roles, teller: Teller) -> None:
    assert teller.run(database, "up-to 1", "--yes").code == 0
    newcomer.allow(
        "CREATE ON SCHEMA public", "ALL ON goose_db_version", "USAGE ON SCHEMA greylag", "ALL ON ALL TABLES IN SCHEMA greylag",
    )  # fmt: skip
    failed = teller.run(newcomer.url, "up", "--yes")
    assert failed.code == 1
    assert "must be owner of table a" in failed.said
    assert "00002_b.sql" in failed.said
    assert untrue(database) == []
    assert journal(database)[-1] == (2, "up", None, "failed")
    assert teller.run(database, "up", "--yes").code == 0
    assert untrue(database) == []
