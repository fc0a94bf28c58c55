from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.environments.dotenv import load, parse, read
from greylag.errors import EnvFileError

if TYPE_CHECKING:
    from pathlib import Path

# answers of godotenv 1.5.1 itself
SOUND = {
    "A=1\nB: two\nexport C=3\nexport\tD = 4 \n": {"A": "1", "B": "two", "C": "3", "D": "4"},
    "A=1\r\nB=2\r\n": {"A": "1", "B": "2"},
    "A=1\rB=2": {"A": "1", "B": "2"},
    "A=1\nA=2": {"A": "2"},
    "# c\n\n  # c\nA=1": {"A": "1"},
    "A=1 # c\nB=1#c\nC=#c\nD= # c\nE=x # y # z": {"A": "1", "B": "1#c", "C": "#c", "D": "# c", "E": "x # y"},
    "A='x $B \\n' # c\nB=\"a\\nb\\tc\\\"d\"": {"A": "x $B \\n", "B": 'a\nbtc"d'},
    'A="two\nlines"\nB=\'three\nof\nthem\'': {"A": "two\nlines", "B": "three\nof\nthem"},
    'A="x"B=2': {"A": "x", "B": "2"},
    "A=\"''x''\"\nB='\"\"'\nC=\"\"": {"A": "''x''", "B": '""', "C": ""},
    'A="x\\""': {"A": "x\\"},
    "A=v\nB=$A\nC=${A}x\nD=\\$A\nE=$(A)\nF=$a\nG=$NO\nH='$A'\nI=\"$A ${A}\"": {
        "A": "v", "B": "v", "C": "vx", "D": "$A", "E": "v)", "F": "$a", "G": "", "H": "$A", "I": "v v",
    },
    "A=\nB=": {"A": "", "B": ""},
    "FOO": {"": "FOO"},
    "A B=1": {"A B": "1"},
    "A.b_1=x": {"A.b_1": "x"},
    "õ = 1": {"õ": "1"},
    "": {},
    "  \n\t\n": {},
}  # fmt: skip

BROKEN = {
    "A-B=1": 'unexpected character "-" in variable name near "A-B=1"',
    "A\nB=1": 'unexpected character "\\n" in variable name near "A\\nB=1"',
    'A="x': 'unterminated quoted value "x',
    "A='x\ny": "unterminated quoted value 'x",
    "export ": "zero length string",
    "\ufeffA=1": 'unexpected character "»" in variable name near "\\ufeffA=1"',
    "B=1\n한=2": 'unexpected character "\\u0095" in variable name near "한=2"',
    'A="x"y\n': 'unexpected character "\\n" in variable name near "y\\n"',
}


@pytest.mark.parametrize("text", SOUND)
def test_what_godotenv_reads(text: str) -> None:
    assert parse(text.encode()) == SOUND[text]


@pytest.mark.parametrize("text", BROKEN)
def test_what_godotenv_refuses(text: str) -> None:
    with pytest.raises(EnvFileError) as caught:
        parse(text.encode())
    assert caught.value.message == BROKEN[text]


def test_bytes_that_are_no_text_pass_between_quotes_only() -> None:
    assert parse(b"A=x\xffy\nB='x\xffy'") == {"A": "x\ufffdy", "B": "x\udcffy"}


@given(st.binary(max_size=60) | st.text("AB_=:#'\"\\ \n\r\t$({})é", max_size=40).map(str.encode))
def test_nothing_but_its_error(data: bytes) -> None:
    try:
        found = parse(data)
    except EnvFileError:
        return
    assert all(isinstance(text, str) for pair in found.items() for text in pair)


@given(
    st.dictionaries(
        st.text("ABC_1", min_size=1),
        st.text(st.characters(exclude_characters="'\\\r", exclude_categories=("Cs",))),
    )
)
def test_single_quotes_keep_everything(values: dict[str, str]) -> None:
    text = "".join(f"{name}='{value}'\n" for name, value in values.items())
    assert parse(text.encode()) == values


def test_what_is_set_already_wins_even_when_empty(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("A=file\nB=file\nC=file\n")
    environ = {"A": "shell", "B": ""}
    assert load(str(tmp_path / "f"), environ) == ["C"]
    assert environ == {"A": "shell", "B": "", "C": "file"}


def test_names_and_values_the_system_refuses_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GREYLAG_T", raising=False)
    (tmp_path / "f").write_bytes(b"GREYLAG_N='a\x00b'\nGREYLAG_T=1\nrest")
    assert load(str(tmp_path / "f"), os.environ) == ["GREYLAG_T"]
    monkeypatch.delenv("GREYLAG_T")


def test_a_mistake_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("A=1\nB-C=2\n")
    environ: dict[str, str] = {}
    with pytest.raises(EnvFileError):
        load(str(tmp_path / "f"), environ)
    assert environ == {}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EnvFileError, match=r"^open .*/no: no such file or directory$"):
        read(str(tmp_path / "no"))
    with pytest.raises(EnvFileError, match=r"^read .*: is a directory$"):
        read(str(tmp_path))
