from __future__ import annotations

from greylag.cli.goose.table import aligned


def test_columns_are_as_wide_as_their_widest_cell_and_three() -> None:
    assert aligned([["a", "bb"], ["ccc", ""]]) == "a     bb   \nccc        \n"
    assert aligned([]) == ""


def test_width_counts_characters() -> None:
    assert aligned([["é한", "x"], ["abc", "x"]]) == "é한    x   \nabc   x   \n"


def test_breaks_inside_a_cell_split_it_as_tabwriter_does() -> None:
    # answers of Go's text/tabwriter
    assert aligned([["a", "b\tc"], ["aa", "bb"]]) == "a    b    c   \naa   bb   \n"
    assert aligned([["a", "b\nlonger"], ["aa", "bb"]]) == "a        b\nlonger   \naa       bb   \n"
    assert aligned([["yé\t", "\v", "abbé", ""], ["", "\f", "yy\f"]]) == "yé            abbé      \n\nyy\n\n"
    assert aligned([["a", "b"], ["\udcffx\ty\udcff", "b"]]) == "a     b   \n\udcffx\ty\udcff   b   \n"
