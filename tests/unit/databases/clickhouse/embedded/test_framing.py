"""Frames, in whatever pieces they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.databases.clickhouse.embedded import framing


@given(st.lists(st.tuples(st.sampled_from([b"Q", b"A", b"E"]), st.binary())), st.integers(1, 9))
def test_what_is_packed_is_unpacked(frames: list[tuple[bytes, bytes]], size: int) -> None:
    data = b"".join(framing.pack(*frame) for frame in frames)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    held = bytearray()
    assert [framing.unpack(lambda: pieces.pop(0), held) for _ in frames] == frames
    assert not pieces
    assert not held


def test_the_other_side_is_gone() -> None:
    pieces = [b"Q\0\0"]
    with pytest.raises(framing.EndedError):
        framing.unpack(lambda: pieces.pop(0) if pieces else b"", bytearray())


def test_words() -> None:
    words = {"database": "é\udcff", "empty": ""}
    assert framing.unpack_words(framing.pack_words(words)) == words
    assert framing.unpack_words(b"") == {}
