from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.migrations.interpolate import InterpolationError, expand

VARIABLES = {"A": "alpha", "EMPTY": "", "ÄÖ": "äöü", "BAD": "\udcff\udcc3x", "N1_": "12345"}

# answers of mfridman/interpolate 0.0.2 itself
EXPANDED = {
    "no variable": "no variable",
    "$A ${A} $EMPTY. $NONE.": "alpha alpha . .",
    "${EMPTY:-d}${NONE:-d}${A:-d}": "ddalpha",
    "${EMPTY-d}${NONE-d}${A-d}": "dalpha",
    "${NONE:-${EMPTY:-${A}}}": "alpha",
    "${NONE:-a $A}": "a alpha",
    "${A?no}": "alpha",
    "${EMPTY?no}": "",
    "${A:1}|${A:1:2}|${A: -2}|${A: -9}|${A:9}|${A:0:-1}|${A:3:-4}|${A:1:99}": "lpha|lp|ha|alpha||alph||lpha",
    "$$ $$$$ \\$A \\\\ $(A) $": "$ $$ $A \\\\ $(A) $",
    "$ÄÖ ${ÄÖ:0:2}": "äöü ä",
    "${ÄÖ:0:1}${ÄÖ:1:1}": "ä",
    "${ÄÖ:0:1}": "\udcc3",
    "$BAD $N1_": "\udcff\udcc3x 12345",
    "\udcff $A": "\ufffd alpha",
    "a } b": "a } b",
}

REFUSED = {
    "$1": "Expected identifier to start with a letter, got 1",
    "$ x": "Expected identifier to start with a letter, got  ",
    "${": "Expected identifier to start with a letter, got \ufffd",
    "$\udcff": "Expected identifier to start with a letter, got \ufffd",
    "${A": "Expected an operator, got \ufffd",
    "${A!}": "Expected an operator, got !",
    "${A:-x": "Expected brace expansion to end with }, got \ufffd",
    "${A:}": 'Unable to parse offset: strconv.Atoi: parsing "": invalid syntax',
    "${A:x}": 'Unable to parse offset: strconv.Atoi: parsing "x": invalid syntax',
    "${A:1:x}": 'Unable to parse length: strconv.Atoi: parsing "x": invalid syntax',
    "${A:99999999999999999999}": 'Unable to parse offset: strconv.Atoi: parsing "99999999999999999999": '
    "value out of range",
    "${NONE?}": "$NONE: not set",
    "${NONE?set it, $A}": "$NONE: set it, alpha",
    "${NONE:-${NONE?inner}}": "$NONE: inner",
}


@pytest.mark.parametrize("line", EXPANDED)
def test_lines_that_expand(line: str) -> None:
    assert expand(line, VARIABLES.get) == EXPANDED[line]


@pytest.mark.parametrize("line", REFUSED)
def test_lines_that_do_not(line: str) -> None:
    with pytest.raises(InterpolationError) as caught:
        expand(line, VARIABLES.get)
    assert str(caught.value) == REFUSED[line]


def test_a_default_that_is_not_needed_is_parsed_all_the_same() -> None:
    assert expand("${A:-${NONE?x}}", VARIABLES.get) == "alpha"
    with pytest.raises(InterpolationError, match="operator"):
        expand("${A:-${A!}}", VARIABLES.get)


def test_a_nest_too_deep_is_an_error_and_no_crash() -> None:
    with pytest.raises(InterpolationError, match="too deeply"):
        expand("${A:-" * 100_000 + "}" * 100_000, VARIABLES.get)


@given(
    st.text("$${}:-?A1 \\(é", max_size=30)
    | st.binary(max_size=30).map(lambda b: b.decode("utf-8", "surrogateescape"))
)
def test_nothing_but_its_error(line: str) -> None:
    try:
        text = expand(line, VARIABLES.get)
    except InterpolationError:
        return
    text.encode("utf-8", "surrogateescape")


@given(st.text(st.characters(exclude_characters="$\\", exclude_categories=("Cs",))))
def test_text_without_dollar_and_backslash_stays(line: str) -> None:
    assert expand(line, VARIABLES.get) == line
    assert expand(f"$A{'.'}{line}", VARIABLES.get) == f"alpha.{line}"
