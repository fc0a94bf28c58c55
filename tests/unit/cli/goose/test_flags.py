from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.cli.goose.flags import Flags, HelpRequest, parse_bool, parse_flags
from greylag.errors import UsageError


def parsed(*argv: str) -> tuple[dict[str, object], list[str]]:
    flags, words = parse_flags(argv)
    return {name: value for name, value in vars(flags).items() if value != vars(Flags())[name]}, words


@pytest.mark.parametrize(
    ("argv", "values", "words"),
    [
        ([], {}, []),
        (["-dir", "x", "up"], {"dir": "x"}, ["up"]),
        (["--dir=x", "up"], {"dir": "x"}, ["up"]),
        (["up", "-dir", "x", "more"], {"dir": "x"}, ["up", "more"]),
        (["-dir", "a", "-dir", "b"], {"dir": "b"}, []),
        (["-dir", "-v"], {"dir": "-v"}, []),
        (["-dir="], {"dir": ""}, []),
        (["-table=a=b"], {"table": "a=b"}, []),
        (["-v", "false"], {"v": True}, ["false"]),
        (["-v=false"], {}, []),
        (["-s=T", "--no-color=1"], {"s": True, "no_color": True}, []),
        (["-timeout", "1m"], {"timeout": 60 * 10**9}, []),
        (["-timeout=-1s"], {"timeout": -(10**9)}, []),
        (["-"], {}, ["-"]),
        (["", "-v", ""], {"v": True}, ["", ""]),
        (["--", "a", "-v"], {"v": True}, ["a"]),
        (["a", "--", "-v"], {}, ["a", "--", "-v"]),
        (["-v", "--", "--", "-v"], {"v": True}, ["--", "-v"]),
        (["a", "-v", "--", "-s", "b"], {"v": True, "s": True}, ["a", "b"]),
        (["a", "-v", "--", "--", "-s"], {"v": True}, ["a", "--", "-s"]),
        (["-allow-missing", "-no-versioning"], {"allow_missing": True, "no_versioning": True}, []),
    ],
)
def test_what_go_makes_of_it(argv: list[str], values: dict[str, object], words: list[str]) -> None:
    assert parsed(*argv) == (values, words)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["-foo"], "flag provided but not defined: -foo"),
        (["up", "--foo=1"], "flag provided but not defined: -foo"),
        (["-no_color"], "flag provided but not defined: -no_color"),
        (["down-to", "-1"], "flag provided but not defined: -1"),
        (["-dir"], "flag needs an argument: -dir"),
        (["up", "-dir"], "flag needs an argument: -dir"),
        (["-=x"], "bad flag syntax: -=x"),
        (["---v"], "bad flag syntax: ---v"),
        (["--=x"], "bad flag syntax: --=x"),
        (["-s=maybe"], 'invalid boolean value "maybe" for -s: parse error'),
        (["-s="], 'invalid boolean value "" for -s: parse error'),
        (["-v=é\n"], 'invalid boolean value "é\\n" for -v: parse error'),
        (["-timeout", "5"], 'invalid value "5" for flag -timeout: parse error'),
        (["-timeout", "a\"b"], 'invalid value "a\\"b" for flag -timeout: parse error'),
    ],
)  # fmt: skip
def test_what_go_refuses(argv: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_flags(argv)
    assert caught.value.message == message


def test_help_comes_before_later_mistakes_and_after_earlier_ones() -> None:
    with pytest.raises(HelpRequest):
        parse_flags(["up", "--help=x", "-foo"])
    with pytest.raises(UsageError):
        parse_flags(["-foo", "-help"])
    assert parsed("-h")[0] == {"h": True}


def test_booleans_are_gos() -> None:
    assert [parse_bool(text) for text in ("1", "t", "T", "TRUE", "true", "True")] == [True] * 6
    assert [parse_bool(text) for text in ("0", "f", "F", "FALSE", "false", "False")] == [False] * 6
    for text in ("yes", "tRue", "", " 1", "on"):
        with pytest.raises(ValueError, match="invalid syntax"):
            parse_bool(text)


@given(
    st.lists(
        st.sampled_from(
            ["-v", "--v=", "-dir", "-dir=x", "--", "-", "up", "-x", "--help", "-timeout", "1s", ""]
        ),
        max_size=8,
    )
)
def test_nothing_but_its_errors_and_no_word_from_nowhere(argv: list[str]) -> None:
    try:
        _, words = parse_flags(argv)
    except (UsageError, HelpRequest):
        return
    assert set(words) <= set(argv)
