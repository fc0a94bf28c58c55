from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.model.quoting import quote


# answers of Go's strconv.Quote
@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("", '""'),
        ('a"b\\c', r'"a\"b\\c"'),
        ("\a\b\f\n\r\t\v", r'"\a\b\f\n\r\t\v"'),
        ("\0\x1b\x7f", r'"\x00\x1b\x7f"'),
        ("\x80\x85\xa0\xad", r'"\u0080\u0085\u00a0\u00ad"'),
        ("é한😀\ufffd", '"é한😀\ufffd"'),
        ("\u200b\u2028\u3000\ufeff\ue000", r'"\u200b\u2028\u3000\ufeff\ue000"'),
        ("\U000e0001\U0010ffff", r'"\U000e0001\U0010ffff"'),
        ("\udce9\udcff", r'"\xe9\xff"'),
        ("\U0001fae8\U00031350", '"\U0001fae8\U00031350"'),
    ],
)
def test_as_go_quotes(text: str, quoted: str) -> None:
    assert quote(text) == quoted


@given(st.text())
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    shown = quote(text)
    assert "\n" not in shown
    assert shown[1:-1].replace('\\"', "").count('"') == 0


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_reads_back_as_python_text(text: str) -> None:
    assert eval(quote(text)) == text  # the escapes are Python's too
