"""The library is found in the wheel, and its functions do what their types say."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import libpq
from greylag.errors import ConnectError

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.databases.postgres.channel import Channel


def test_the_wheel_has_one() -> None:
    found = list(libpq.in_wheel(sys.path))
    assert found
    assert os.path.basename(found[0]).startswith("libpq")
    assert libpq.load().version >= 140000


def test_it_is_loaded_once() -> None:
    assert libpq.load() is libpq.load()


def test_places_are_searched_in_order(tmp_path: Path) -> None:
    for name in ("psycopg_binary.libs/libpq-1.so.5", "psycopg_binary/.dylibs/libpq.5.dylib"):
        path = tmp_path / "two" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "two" / "psycopg_binary.libs" / "libssl.so").touch()
    found = list(libpq.in_wheel([str(tmp_path / "one"), str(tmp_path / "two")]))
    assert [os.path.basename(path) for path in found] == ["libpq-1.so.5", "libpq.5.dylib"]


def test_without_one_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "psycopg_binary.libs" / "libpq.so"
    broken.parent.mkdir()
    broken.write_text("no library")
    monkeypatch.setattr(libpq, "_loaded", [])
    monkeypatch.setattr(libpq, "_in_system", lambda: iter(()))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(ConnectError, match="libpq") as caught:
        libpq.load()
    assert str(broken) in caught.value.message
    assert caught.value.hint == "pip install 'psycopg[binary]'"
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ConnectError, match="neither the psycopg wheel nor the system has one"):
        libpq.load()


def test_an_old_library_is_no_library() -> None:
    with pytest.raises(OSError, match="too old: it has no PQ"):
        _Old("libc.so.6" if sys.platform == "linux" else "libSystem.dylib")


class _Old(libpq.Libpq):
    def __init__(self, path: str) -> None:
        import ctypes

        library = ctypes.CDLL(path)
        library.PQlibVersion = lambda: 90000  # type: ignore[assignment]
        real = libpq.ctypes.CDLL
        try:
            libpq.ctypes.CDLL = lambda _path: library  # type: ignore[assignment,misc]
            super().__init__(path)
        finally:
            libpq.ctypes.CDLL = real  # type: ignore[misc]


def test_values_of_a_result(channel: Channel) -> None:
    library, handle = channel.libpq, channel.handle
    assert library.send_query(handle, b"SELECT 1, NULL, 'x' || chr(233)")
    result = channel.next_result()
    assert result is not None
    try:
        assert library.result_status(result) == libpq.TUPLES_OK
        assert (library.ntuples(result), library.nfields(result)) == (1, 3)
        assert [library.value(result, 0, column) for column in range(3)] == [b"1", None, "xé".encode()]
        assert library.ftype(result, 0) == 23
        assert library.cmd_status(result) == b"SELECT 1"
    finally:
        library.clear(result)
    assert channel.next_result() is None


def test_a_c_array_of_strings_ends_in_null() -> None:
    array = libpq.strings([b"a", b""])
    assert list(array) == [b"a", b"", None]  # type: ignore[call-overload]
