"""Rows as text, and the values of the version table."""

from __future__ import annotations

from datetime import datetime

import pytest

from greylag.databases.clickhouse.rows import (
    Answer,
    read_answer,
    read_flag,
    read_stamp,
    read_version,
)
from greylag.databases.stepwise import ScanError


def test_an_answer() -> None:
    text = "a\tb\nInt8\tNullable(String)\n1\t\\N\n2\ttab\\tslash\\\\nquote\\'end\n"
    assert read_answer(text) == Answer(
        ["Int8", "Nullable(String)"], [["1", None], ["2", "tab\tslash\\nquote'end"]], ["a", "b"]
    )


def test_an_answer_without_rows() -> None:
    assert read_answer("") == Answer([], [])
    assert read_answer("a\nInt8\n") == Answer(["Int8"], [], ["a"])


@pytest.mark.parametrize(
    ("escaped", "text"), [("\\\\", "\\"), ("\\\\\\\\", "\\\\"), ("\\0\\b", "\0\b"), ("", "")]
)
def test_escapes(escaped: str, text: str) -> None:
    assert read_answer(f"a\nString\n{escaped}\n").rows == [[text]]


def refused(read: object, *words: object) -> str:
    with pytest.raises(ScanError) as caught:
        read(*words)  # type: ignore[operator]
    return str(caught.value).partition(": ")[2]


def test_versions() -> None:
    assert read_version("20260101000000", "Int64") == 20260101000000
    assert refused(read_version, None, "Nullable(Int64)").endswith("converting NULL to int64 is unsupported")
    assert refused(read_version, "x", "LowCardinality(String)").endswith(
        'converting driver.Value type string ("x") to a int64: invalid syntax'
    )
    assert refused(read_version, "1.5", "Float64").endswith(
        'converting driver.Value type float64 ("1.5") to a int64: invalid syntax'
    )


def test_flags() -> None:
    assert read_flag("1", "UInt8")
    assert not read_flag("false", "Bool")
    assert refused(read_flag, "2", "UInt8").endswith("couldn't convert 2 into type bool")
    assert refused(read_flag, "1", "Nullable(Float64)").endswith(
        "couldn't convert 1 (float64) into type bool"
    )
    assert refused(read_flag, None, "Nullable(UInt8)").endswith(
        "couldn't convert <nil> (<nil>) into type bool"
    )


def test_stamps() -> None:
    assert read_stamp("2024-02-03 04:05:06", "DateTime") == datetime(2024, 2, 3, 4, 5, 6)
    assert read_stamp("2024-02-03 04:05:06.789", "DateTime64(3, 'UTC')").microsecond == 789000
    assert read_stamp("2024-02-03", "Date") == datetime(2024, 2, 3)
    assert "type string into" in refused(read_stamp, "2024-02-03", "Nullable(String)")
    assert "type <nil> into" in refused(read_stamp, None, "Nullable(DateTime)")
    assert "type int64 into" in refused(read_stamp, "1", "Int64")
