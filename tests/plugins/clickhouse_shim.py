"""ClickHouse's HTTP interface over the embedded engine: ``python -m tests.plugins.clickhouse_shim PORT FOLDER``.

Enough for goose, for greylag and for plain clients, one node. Every statement that arrives is written to
``FOLDER.log`` as a line of JSON: database, text, parameters, and the error it got.
"""

from __future__ import annotations

import json
import os
import re
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chdb.session import Session

OWN = frozenset(
    (
        *("query", "database", "default_format", "query_id", "session_id", "session_timeout", "user"),
        *("password", "client_protocol_version", "wait_end_of_query", "compress", "decompress", "quota_key"),
    )
)
"""Parameters of the interface; every other one is a setting."""

STATUS = {46: 404, 60: 404, 62: 400, 81: 404, 516: 403}
"""HTTP status by error number; 500 for the rest."""

HELLO = b"displayName(), version(), revision()"
INSERT = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*insert\b", re.IGNORECASE | re.DOTALL)
FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)


class RefusalError(Exception):
    """What the engine said no with."""


class Engine:
    """The engine of a folder; one session per statement, so nothing of a request stays for the next."""

    def __init__(self, folder: str, options: str = "") -> None:
        self.path = f"{folder}{options}"
        self.kept = Session(self.path)
        self.version = self.kept.query("SELECT version()", "TSVRaw").bytes().decode().strip()
        self.log = Path(f"{folder}.log")
        self.lock = threading.Lock()

    def run(self, text: str, parameters: dict[str, str], fallback: str) -> tuple[bytes, str]:
        """The answer and its format. Raises RefusalError."""
        error = ""
        try:
            return self._run(text, parameters, fallback)
        except RuntimeError as refusal:
            error = str(refusal)
            raise RefusalError(error) from None
        finally:
            self.note(text, parameters, error)

    def note(self, text: str, parameters: dict[str, str], error: str = "") -> None:
        """Write down what arrived."""
        kept = {name: value for name, value in parameters.items() if name not in ("database", "query")}
        line = {"database": parameters.get("database", ""), "text": text, "parameters": kept, "error": error}
        with self.lock, self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    def _run(self, text: str, parameters: dict[str, str], fallback: str) -> tuple[bytes, str]:
        session = Session(self.path)
        try:
            if database := parameters.get("database"):
                session.query(f"USE `{database}`")
            for name, value in parameters.items():
                if name not in OWN and not name.startswith("param_"):
                    session.query(f"SET `{name}` = '{value}'")
            shape = fallback
            if not INSERT.match(text):
                refuse_several(session, text)
                if found := FORMAT.search(text):
                    shape, text = found[1], text[: found.start()]
            answer = session.query(text, shape)
            return (b"" if answer is None else bytes(answer.bytes() or b"")), shape
        finally:
            session.close()


def refuse_several(session: Any, text: str) -> None:
    """The engine runs several statements in one text, which a server does not; its own parser can tell."""
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    try:
        session.query(f"SELECT formatQuerySingleLine('{quoted}')")
    except RuntimeError as error:
        if "Multi-statements" in str(error):
            raise RuntimeError(str(error).partition(": In scope")[0] + ". (SYNTAX_ERROR)") from None


def hello(version: str) -> bytes:
    """The block clickhouse-go asks for first; revision 0 lets it read every other one as the engine writes it."""

    def counted(text: str) -> bytes:
        return bytes([len(text)]) + text.encode()

    columns = (
        ("displayName()", "String", counted("shim")),
        ("version()", "String", counted(version)),
        ("revision()", "UInt32", struct.pack("<I", 0)),
        ("timezone()", "String", counted("UTC")),
    )
    head = b"\x01\x00\x02\xff\xff\xff\xff\x00" + bytes([len(columns), 1])
    return head + b"".join(counted(name) + counted(kind) + b"\0" + data for name, kind, data in columns)


class Handler(BaseHTTPRequestHandler):
    """POST a statement, get its rows."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = (
        1 << 16
    )  # head and body in one packet: apart, the second waits for the first to be acknowledged
    engine: Engine

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        parameters = dict(parse_qsl(address.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        text = b"\n".join(filter(None, (parameters.get("query", "").encode(), body)))
        if address.path == "/ping" or not text:
            self.reply(200, b"Ok.\n")
        elif HELLO in text:
            self.engine.note(text.decode(), parameters)
            self.reply(200, hello(self.engine.version))
        else:
            self.answer(text, parameters)

    def answer(self, text: bytes, parameters: dict[str, str]) -> None:
        fallback = parameters.get("default_format", "TabSeparated")
        try:
            data, shape = self.engine.run(text.decode("utf-8", "replace"), parameters, fallback)
        except RefusalError as refusal:
            number = int((re.match(r"Code: (\d+)", str(refusal)) or ["", "1000"])[1])
            said = f"{refusal} (version {self.engine.version})\n".encode()
            self.reply(STATUS.get(number, 500), said, {"X-ClickHouse-Exception-Code": str(number)})
        else:
            self.reply(200, data, {"X-ClickHouse-Format": shape})

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True


def end_with_parent() -> None:
    """However the tests end: nobody writes to standard input, so reading ends when they are gone."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve(port: int, handler: type[Handler]) -> None:
    """Answer until whoever started this is gone."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    Server(("127.0.0.1", port), handler).serve_forever()


if __name__ == "__main__":
    Handler.engine = Engine(sys.argv[2])
    serve(int(sys.argv[1]), Handler)
