"""The parser: golden cases, large files, odd files, and whatever bytes a file may hold."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greylag.errors import ParseError
from greylag.migrations import parser
from greylag.migrations.parser import ParseOptions, parse, parse_content
from greylag.model.migration import Migration
from greylag.model.spaces import SPACES
from tests.golden import parser_cases

CASES = sorted(path.stem for path in parser_cases.FOLDER.glob("*.sql"))


def write(folder: Path, content: str | bytes) -> Migration:
    path = folder / "00001_x.sql"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Migration(1, str(path))


@pytest.mark.parametrize("case", CASES)
def test_golden(case):
    path = parser_cases.FOLDER / f"{case}.sql"
    assert parser_cases.outcome(path) == json.loads(path.with_suffix(".json").read_text())


def test_a_place_in_a_statement_is_a_place_in_the_file(tmp_path):
    migration = write(tmp_path, "-- +goose Up\n\n  SELECT\n-- +goose NO TRANSACTION\n    nope;\n")
    (statement,) = parse(migration, "up").statements
    assert (statement.line, statement.column) == (3, 3)
    assert statement.place(statement.text.index("nope")) == (5, 5)
    assert statement.place(0) == (3, 3)


@pytest.mark.parametrize("size", [parser.GOOSE_LINE_LIMIT - 1, parser.GOOSE_LINE_LIMIT])
@pytest.mark.parametrize("large", [False, True])
def test_line_limit(tmp_path, size, large, monkeypatch):
    if large:
        monkeypatch.setattr(parser, "STREAM_ABOVE", 1000)
    line = "SELECT '" + "x" * (size - len("SELECT '';")) + "';"
    migration = write(tmp_path, f"-- +goose Up\n{line}\n")
    assert [s.text for s in parse(migration, "up", ParseOptions(line_limit=None)).statements] == [line]
    if size < parser.GOOSE_LINE_LIMIT:
        assert parse(migration, "up").count == 1
    else:
        with pytest.raises(ParseError, match="token too long") as caught:
            parse(migration, "up")
        assert caught.value.where.line == 2


@pytest.mark.parametrize("case", CASES)
def test_large_files_are_read_as_small_ones(case, monkeypatch):
    expected = parser_cases.outcome(parser_cases.FOLDER / f"{case}.sql")
    monkeypatch.setattr(parser, "STREAM_ABOVE", -1)
    assert parser_cases.outcome(parser_cases.FOLDER / f"{case}.sql") == expected


def test_a_large_file_can_be_read_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(parser, "STREAM_ABOVE", 10)
    script = parse(write(tmp_path, "-- +goose Up\nSELECT 1;\nSELECT 2;\n"), "up")
    assert not isinstance(script.statements, list)
    assert (
        [s.text for s in script.statements]
        == [s.text for s in script.statements]
        == ["SELECT 1;", "SELECT 2;"]
    )
    assert (script.count, script.plain) == (2, True)


def test_a_folder_and_a_missing_file(tmp_path):
    (tmp_path / "1_folder.sql").mkdir()
    with pytest.raises(ParseError, match="is a directory") as caught:
        parse(Migration(1, str(tmp_path / "1_folder.sql")), "up")
    assert caught.value.opened
    with pytest.raises(ParseError, match="no such file or directory") as caught:
        parse(Migration(1, str(tmp_path / "1_gone.sql")), "up")
    assert not caught.value.opened


def test_an_unreadable_file():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        migration = write(Path(folder), "-- +goose Up\n")
        os.chmod(migration.path, 0)
        user = os.geteuid()
        if user == 0:  # root reads every file
            os.seteuid(65534)
        try:
            with pytest.raises(ParseError, match="permission denied") as caught:
                parse(migration, "up")
        finally:
            os.seteuid(user)
        assert not caught.value.opened


LINES = st.sampled_from(
    ["-- +goose Up", "-- +goose Down", "-- +goose StatementBegin", "-- +goose StatementEnd", "-- +goose",
     "-- +goose NO TRANSACTION", "-- +goose ENVSUB ON", "SELECT 1;", "SELECT $X", "$$", ";", "--", " ", "\x1c", "\r"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES | st.text(max_size=8) | st.binary(max_size=8)), st.sampled_from(["up", "down"]))
def test_any_file_parses_or_is_a_parse_error(tmp_path_factory, lines, direction):
    content = b"\n".join(
        line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass") for line in lines
    )
    migration = write(tmp_path_factory.mktemp("m"), content)
    try:
        script = parse(migration, direction)
    except ParseError as error:
        assert error.message
        assert error.migration is migration
    else:
        for statement in script.statements:
            assert statement.text == statement.text.strip(SPACES)
            assert 1 <= statement.line <= content.count(b"\n") + 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.from_regex(r"[a-z '\"(),.]*[a-z]", fullmatch=True), min_size=1, max_size=6))
def test_rendered_statements_come_back(tmp_path_factory, texts):
    statements = [f"{text.strip()};" for text in texts]
    body = "\n-- a remark\n\n".join(statements)
    migration = write(tmp_path_factory.mktemp("m"), f"-- +goose Up\n{body}\n-- +goose Down\nSELECT 1;\n")
    script = parse(migration, "up")
    assert [statement.text for statement in script.statements] == statements
    lines = Path(migration.path).read_text().split("\n")
    assert [lines[statement.line - 1].strip() for statement in script.statements] == statements


# -- a file whose bytes are at hand ---------------------------------------------------------------------


def test_content_reads_as_the_file_does(tmp_path: Path) -> None:
    content = (
        "-- +goose NO TRANSACTION\r\n-- +goose Up\r\nSELECT 'größe';\n-- +goose StatementBegin\nSELECT 1;\nSELECT 2;\n"
        "-- +goose StatementEnd\n-- +goose Down\nSELECT 3;\n"
    ).encode()
    path = tmp_path / "7_x.sql"
    path.write_bytes(content)
    here = Migration(7, str(path))
    for direction in ("up", "down"):
        whole = parse(here, direction)
        assert parse_content(here, direction, content) == whole
        assert (
            parse_content(Migration(7, "nowhere/7_x.sql"), direction, content).statements == whole.statements
        )
    assert not parse_content(here, "up", content).transactional
    assert parse_content(here, "up", content).size == len(content)


def test_content_that_breaks_a_rule_is_named_by_its_path() -> None:
    with pytest.raises(ParseError, match="duplicate") as caught:
        parse_content(Migration(7, "nowhere/7_x.sql"), "up", b"-- +goose Up\n-- +goose Up\n")
    assert str(caught.value.where) == "nowhere/7_x.sql:2:1"


def test_content_obeys_the_options() -> None:
    migration = Migration(7, "7_x.sql")
    content = b"-- +goose ENVSUB ON\n-- +goose Up\nSELECT '${WORD}" + b"x" * 100 + b"';\n"
    script = parse_content(migration, "up", content, ParseOptions(lookup=lambda name: name.lower()))
    assert next(iter(script.statements)).text.startswith("SELECT 'word")
    with pytest.raises(ParseError, match="token too long"):
        parse_content(migration, "up", content, ParseOptions(line_limit=100, lookup=str))
