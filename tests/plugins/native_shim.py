"""ClickHouse's native protocol over the embedded engine, as one of its older revisions: for goose and for us.

``python -m tests.plugins.native_shim HTTP_PORT FOLDER NATIVE_PORT`` is :mod:`tests.plugins.clickhouse_shim` with it. A connection is a session, as on a server: what is SET
stays set. No compression, no rows as data: an INSERT brings its VALUES in the text.
"""

from __future__ import annotations

import contextlib
import re
import socketserver
import struct
import sys
import threading
from typing import Any

from chdb.session import Session

from tests.plugins import clickhouse_shim
from tests.plugins.clickhouse_shim import INSERT, Engine, refuse_several

REVISION = 54430
"""Settings travel as text, and neither secrets nor parameters of queries are known yet."""

HELLO, QUERY, DATA, CANCEL, PING = range(5)
PONG, END = 4, 5
NOTHING = b"\x01\x00\x02\xff\xff\xff\xff\x00"
"""What every block begins with: no overflow, no bucket."""

WIDTHS = {
    "Int8": 1, "UInt8": 1, "Bool": 1, "Enum8": 1, "Int16": 2, "UInt16": 2, "Date": 2, "Enum16": 2, "Int32": 4,
    "UInt32": 4, "Float32": 4, "DateTime": 4, "Int64": 8, "UInt64": 8, "Float64": 8, "DateTime64": 8, "UUID": 16,
}  # fmt: skip


def counted(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return number(len(data)) + data


def number(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes((*found, value))


def read_number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def skip_text(data: bytes, at: int) -> int:
    size, at = read_number(data, at)
    return at + size


def skip_values(kind: str, data: bytes, at: int, rows: int) -> int:
    """Where the values of a column end. Raises KeyError for a type that is none of the simple ones."""
    if kind.startswith("Nullable("):
        return skip_values(kind[9:-1], data, at + rows, rows)
    if kind == "String":
        for _ in range(rows):
            at = skip_text(data, at)
        return at
    return at + WIDTHS[kind.partition("(")[0]] * rows


def split_blocks(data: bytes) -> list[bytes]:
    """One piece for every block that the engine wrote; from a type that is not simple on all in one."""
    blocks, start = [], 0
    while start < len(data):
        columns, at = read_number(data, start)
        rows, at = read_number(data, at)
        try:
            for _ in range(columns):
                named = skip_text(data, at)
                size, kind_at = read_number(data, named)
                at = skip_values(data[kind_at : kind_at + size].decode(), data, kind_at + size, rows)
        except KeyError:
            at = len(data)
        blocks.append(data[start:at])
        start = at
    return blocks


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    engine: Engine

    def handle(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            self.greet()
            while True:
                self.packet()
                self.wfile.flush()

    def finish(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
        with contextlib.suppress(OSError):
            super().finish()

    def take(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def number(self) -> int:
        data = b""
        while not data or data[-1] > 127:
            data += self.take(1)
        return read_number(data, 0)[0]

    def text(self) -> str:
        return self.take(self.number()).decode("utf-8", "surrogateescape")

    def greet(self) -> None:
        kind = self.take(1)
        if kind != bytes([HELLO]):  # as a server answers HTTP at this port
            self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\nPort is for clickhouse-client program\r\n")
            raise EOFError
        self.text()
        for _ in range(3):
            self.number()
        self.database = self.text()
        self.text()
        self.text()
        self.session: Any = Session(self.engine.path)
        major, minor, patch = self.engine.version.split(".")[:3]
        try:
            if self.database:
                self.session.query(f"USE `{self.database}`")
        except RuntimeError as error:
            self.refuse(str(error))
            self.wfile.flush()
            raise EOFError from None
        self.wfile.write(
            bytes([HELLO]) + counted("ClickHouse") + number(int(major)) + number(int(minor)) + number(REVISION)
            + counted("UTC") + counted("shim") + number(int(patch))
        )  # fmt: skip
        self.wfile.flush()

    def packet(self) -> None:
        kind = self.number()
        if kind == PING:
            self.wfile.write(bytes([PONG]))
        elif kind == DATA:
            self.block()
        elif kind == QUERY:
            self.query()

    def block(self) -> None:
        """An empty one, which is all that may come."""
        self.text()
        self.take(len(NOTHING))
        assert (self.number(), self.number()) == (0, 0), "no rows as data here"

    def query(self) -> None:
        query_id = self.text()
        self.take(1)
        for _ in range(3):
            self.text()
        self.take(1)
        for _ in range(3):
            self.text()
        for _ in range(3):
            self.number()
        self.text()
        self.number()
        settings = {}
        while name := self.text():
            self.number()
            settings[name] = self.text()
        self.number()
        assert not self.number(), "no compression here"
        text = self.text()
        assert self.number() == DATA
        self.block()
        self.answer(text, {"query_id": query_id, **settings})

    def answer(self, text: str, parameters: dict[str, str]) -> None:
        given = {**parameters, "database": self.database, "protocol": "native"}
        own = {name: value for name, value in parameters.items() if name != "query_id"}
        try:
            for name, value in own.items():
                self.session.query(f"SET `{name}` = '{value}'")
            if not INSERT.match(text):
                refuse_several(self.session, text)
            blocks = self.run(text)
        except RuntimeError as error:
            self.engine.note(text, given, str(error))
            self.refuse(str(error))
            return
        finally:
            for name in own:
                with contextlib.suppress(RuntimeError):
                    self.session.query(f"SET `{name}` = DEFAULT")
        self.engine.note(text, given)
        for block in blocks:
            self.wfile.write(b"\x01" + counted("") + NOTHING + block)
        self.wfile.write(bytes([END]))

    def run(self, text: str) -> list[bytes]:
        """Blocks of the answer; one with columns alone where a SELECT finds no row. Raises RuntimeError."""
        answer = self.session.query(text, "Native")
        data = b"" if answer is None else bytes(answer.bytes() or b"")
        if data or not re.match(r"\s*select\b", text, re.IGNORECASE):
            return split_blocks(data)
        listed = (
            self.session.query(f"DESCRIBE TABLE ({text.rstrip().rstrip(';')})", "TSVRaw").bytes().decode()
        )
        columns = [line.split("\t")[:2] for line in listed.splitlines()]
        named = b"".join(counted(name) + counted(kind) for name, kind in columns)
        return [number(len(columns)) + number(0) + named]

    def refuse(self, text: str) -> None:
        found = re.match(r"Code: (\d+)\. (.*)", text, re.DOTALL)
        code, said = (int(found[1]), found[2]) if found else (1000, text)
        name = "DB::Exception"
        self.wfile.write(
            b"\x02" + struct.pack("<i", code) + counted(name) + counted(said) + counted("") + b"\0"
        )


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


if __name__ == "__main__":
    Handler.engine = clickhouse_shim.Handler.engine = Engine(sys.argv[2])
    native = Server(("127.0.0.1", int(sys.argv[3])), Handler)
    threading.Thread(target=native.serve_forever, daemon=True).start()
    clickhouse_shim.serve(int(sys.argv[1]), clickhouse_shim.Handler)
