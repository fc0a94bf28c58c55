"""A way to ClickHouse over HTTP on which a program is killed at a statement of its choice."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.clickhouse import ClickhouseServer

SECONDS = 60
COMMAND = [sys.executable, "-m", "greylag"]


class Said:
    """What a run printed, and its exit code."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text


class Gate:
    """Between a program and its server. ``aim`` says where the next run is killed."""

    def __init__(self, server: ClickhouseServer, database: str, folder: Path) -> None:
        self.server, self.database, self.folder = server, database, folder
        self.target, self.arrives, self.fired = "", False, False
        self.process: subprocess.Popen[str] | None = None
        self.sent: list[str] = []
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None: ...

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with contextlib.suppress(OSError):
                    gate.pass_on(self, body)

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def pass_on(self, handler: Any, body: bytes) -> None:
        text = body.decode()
        self.sent.append(text)
        hit = bool(self.target) and self.target in text and not self.fired
        if hit and not self.arrives:
            self.kill(handler)
            return
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=SECONDS)
        link.request("POST", handler.path, body)
        answer = link.getresponse()
        data = answer.read()
        link.close()
        if hit:
            self.kill(handler)
            return
        handler.send_response(answer.status)
        for name in ("X-ClickHouse-Exception-Code", "X-ClickHouse-Format"):
            if value := answer.getheader(name):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def kill(self, handler: Any) -> None:
        self.fired = True
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        handler.close_connection = True

    def start(self, verb: str, *words: str) -> subprocess.Popen[str]:
        dsn = f"http://127.0.0.1:{self.http.server_address[1]}/{self.database}"
        return subprocess.Popen(
            [*COMMAND, verb, *words, "--dsn", dsn, "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True, cwd=self.folder.parent,
        )  # fmt: skip

    def run(self, verb: str, *words: str) -> Said:
        self.process = self.start(verb, *words)
        text, _ = self.process.communicate(timeout=SECONDS)
        return Said(self.process.returncode, text)

    def killed_at(self, target: str, *, arrives: bool) -> None:
        """An ``up`` that is killed at the statement that holds ``target``."""
        self.target, self.arrives, self.fired = target, arrives, False
        said = self.run("up", "--yes")
        self.target = ""
        assert self.fired, said.text
        assert said.code == -signal.SIGKILL

    def ask(self, text: str) -> list[list[Any]]:
        return self.server.ask(text, self.database)

    def write(self, name: str, up: str, down: str = "") -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(f"-- +goose Up\n{up}\n\n-- +goose Down\n{down}\n")

    def applied(self) -> list[int]:
        rows = self.ask("SELECT version_id FROM goose_db_version WHERE is_applied ORDER BY version_id")
        return [version for (version,) in rows]

    def count(self, statement: str) -> int:
        """How often a statement was sent."""
        return sum(text.rstrip(";") == statement for text in self.sent)


@contextlib.contextmanager
def gate_to(server: ClickhouseServer, database: str, folder: Path) -> Iterator[Gate]:
    """Closed at the end."""
    gate = Gate(server, database, folder)
    try:
        yield gate
    finally:
        gate.http.shutdown()
        gate.http.server_close()
