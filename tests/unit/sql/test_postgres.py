"""The parse tree as this package reads it."""

from __future__ import annotations

import pytest

from greylag.sql.postgres import commands, name_of, option, qualified, split, value, walk, words


def test_commands_in_order():
    assert [kind for kind, _ in commands("SELECT 1; ; BEGIN;\n-- x\nVACUUM")] == [
        "SelectStmt",
        "TransactionStmt",
        "VacuumStmt",
    ]
    assert commands(" -- nothing\n ;") == []


def test_what_the_parser_refuses_has_none():
    assert commands("SELEC 1") == []
    assert commands("SELECT 'open") == []
    assert commands("SELECT '\0'") == []


def test_a_tree_too_deep_is_none():
    assert commands("SELECT 1" + "+1" * 5000) is None


def test_bytes_that_are_no_utf8_are_read_as_letters():
    (command,) = commands("CREATE TABLE caf\udce9 (id int)")
    assert command[0] == "CreateStmt"


@pytest.mark.parametrize(("text", "name"), [
    ("TABLE A.b", "a.b"), ('TABLE "A".b', '"A".b'), ('TABLE "a""b"', '"a""b"'), ("TABLE d.s.t", "d.s.t"), ("TABLE ä1", "ä1"),
])  # fmt: skip
def test_names(text, name):
    (command,) = commands(text)
    (relation,) = command[1]["fromClause"]
    assert name_of(split(relation)[1]) == name


def test_no_name():
    assert name_of(None) == ""
    assert qualified([]) == ""


def test_words_of_a_name():
    (drop,) = commands("DROP TABLE a.b")
    assert words(drop[1]["objects"][0]) == ["a", "b"]
    assert words({"String": {"sval": "x"}}) == ["x"]
    assert words({"List": {}}) == []


@pytest.mark.parametrize(("options", "said"), [
    ("full", True), ("full true", True), ("full 1", True), ("full on", True), ("full false", False), ("full 0", False),
    ("full off", False), ("analyze", None),
])  # fmt: skip
def test_options(options, said):
    (vacuum,) = commands(f"VACUUM ({options}) t")
    assert option(vacuum[1], "options", "full") is said


@pytest.mark.parametrize(("text", "expected"), [
    ("'x'", "x"), ("3", "3"), ("1.5", "1.5"), ("true", "True"), ("0", ""), ("''", ""), ("'x'::text", "x"), ("now()", ""),
])  # fmt: skip
def test_values(text, expected):
    (select,) = commands(f"SELECT {text}")
    assert value(select[1]["targetList"][0]["ResTarget"]["val"]) == expected


def test_walk_finds_what_is_inside():
    (command,) = commands("SELECT (SELECT f(1) FROM t) FROM (SELECT g(2)) x")
    assert sorted(
        words(node["funcname"][0])[0] for kind, node in walk({command[0]: command[1]}) if kind == "FuncCall"
    ) == ["f", "g"]
