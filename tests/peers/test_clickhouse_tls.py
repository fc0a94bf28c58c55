"""The real goose and ours by way of TLS: a certificate that is trusted, one that is not, and compression."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugins.clickhouse import ClickhouseServer

pytestmark = pytest.mark.peer

CERTIFICATE = Path(__file__).parents[1] / "unit" / "databases" / "postgres" / "localhost.pem"
OURS = [sys.executable, "-m", "greylag.cli.goose"]


class Said(NamedTuple):
    code: int
    stdout: str
    stderr: str


def move(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def serve(listener: socket.socket, port: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=join, args=(plain, context, port), daemon=True).start()


def join(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        contextlib.suppress(OSError),
        plain,
        context.wrap_socket(plain, server_side=True) as client,
        socket.create_connection(("127.0.0.1", port)) as server,
    ):
        back = threading.Thread(target=move, args=(server, client), daemon=True)
        back.start()
        move(client, server)
        back.join()


@pytest.fixture
def encrypted(clickhouse: ClickhouseServer) -> Iterator[str]:
    """Host and port of the same server behind TLS; its certificate is localhost's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener, clickhouse.port), daemon=True).start()
        yield f"localhost:{listener.getsockname()[1]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "m"
    made.mkdir()
    (made / "00001_a.sql").write_text(
        "-- +goose Up\nCREATE TABLE a (x Int8) ENGINE = Memory;\n\n-- +goose Down\nDROP TABLE a;\n"
    )
    return made


def call(program: list[str], folder: Path, url: str, verb: str, *, trusted: bool) -> Said:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GOOSE_")}
    environ["NO_PROXY"] = "*"
    if trusted:
        environ["SSL_CERT_FILE"] = str(CERTIFICATE)
    words = [*program, "-dir", str(folder), "clickhouse", url, verb]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60)
    stderr = re.sub(r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "", done.stderr)
    stderr = re.sub(r"(?m)^    \w{3} \w{3}.* -- ", "    <AT> -- ", stderr)
    return Said(done.returncode, done.stdout, re.sub(r"\([\d.]+(ns|µs|ms|s)\)", "(<TOOK>)", stderr))


@pytest.mark.parametrize("parameters", ["secure=true", "secure", "secure=true&skip_verify=true"])
def test_there_and_back(
    goose_binary: Path, encrypted: str, clickhouse_database: str, folder: Path, parameters: str
) -> None:
    url = f"https://{encrypted}/{clickhouse_database}?{parameters}"
    trusted = "skip_verify" not in parameters
    for verb in ("status", "up", "status", "down", "version"):
        theirs = call([str(goose_binary)], folder, url, verb, trusted=trusted)
        if verb in ("up", "down"):
            undo = "down" if verb == "up" else "up"
            assert call([str(goose_binary)], folder, url, undo, trusted=trusted).code == 0
        assert call(OURS, folder, url, verb, trusted=trusted) == theirs, verb
        assert theirs.code == 0, theirs


@pytest.mark.parametrize("verb", ["up", "status"])
def test_a_certificate_nobody_trusts(goose_binary: Path, encrypted: str, folder: Path, verb: str) -> None:
    url = f"https://{encrypted}/default?secure=true"
    theirs = call([str(goose_binary)], folder, url, verb, trusted=False)
    ours = call(OURS, folder, url, verb, trusted=False)
    assert ours.code == theirs.code == 1
    for said in (theirs, ours):
        assert "tls: failed to verify certificate: x509: " in said.stderr


@pytest.mark.parametrize("compress", ["true", "lz4", "zstd", "gzip", "deflate", "br", "none", "nonsense"])
def test_compression_changes_nothing(
    clickhouse: ClickhouseServer, clickhouse_database: str, folder: Path, compress: str
) -> None:
    plain = clickhouse.url(clickhouse_database)
    packed = f"{plain}?compress={compress}&compress_level=3"
    assert call(OURS, folder, packed, "up", trusted=True).code == 0
    assert call(OURS, folder, packed, "status", trusted=True) == call(
        OURS, folder, plain, "status", trusted=True
    )
    assert clickhouse.ask("SELECT max(version_id) FROM goose_db_version", clickhouse_database) == [[1]]
