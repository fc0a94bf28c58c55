"""What makes two files the same file, and what is kept of each."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

import pytest

from greylag.migrations import fingerprint
from greylag.migrations.fingerprint import file_hash, read_record, record_of, statement_hashes
from greylag.model.migration import Migration, Statement
from tests.plugins.bench import read

if TYPE_CHECKING:
    from pathlib import Path

FILE = """-- +goose Up
CREATE TABLE a (n int, t text DEFAULT 'It''s  Two');
-- +goose StatementBegin
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE a;
"""


def edited(old: str, new: str) -> bytes:
    assert old in FILE
    return FILE.replace(old, new).encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CREATE TABLE a", "create  table\n  A"),
        ("DROP TABLE a;", "-- the way back\nDROP /* sic */ TABLE a; -- done"),
        ("(n int, ", "(\n\tn int,\n\t"),
        ("-- +goose Up", "-- made by hand\n\n-- +goose up"),
        ("StatementEnd\n", "StatementEnd\n\n\n"),
        ("\n", "\r\n"),
    ],
)
def test_an_edit_that_changes_no_statement(old: str, new: str) -> None:
    assert file_hash(edited(old, new)) == file_hash(FILE.encode())
    assert record_of(1, "x", edited(old, new)).raw_hash != record_of(1, "x", FILE.encode()).raw_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It''s  Two", "It''s Two"),
        ("It''s  Two", "it''s  two"),
        ("SELECT 1", "SELECT  1"),
        ("n int", "n bigint"),
        ("n int", '"N" int'),
        ("DROP TABLE a;", "DROP TABLE a CASCADE;"),
        ("DROP TABLE a;\n", ""),
        ("-- +goose Up", "-- +goose NO TRANSACTION\n-- +goose Up"),
        ("-- +goose Up\n", "-- +goose Up\n-- +goose ENVSUB ON\n"),
        ("-- +goose Down\n", "-- +goose Down\nDROP FUNCTION f;\n"),
        ("CREATE TABLE a (n", "CREATE TABLE b (m int);\nCREATE TABLE a (n"),
    ],
)
def test_an_edit_that_changes_what_the_file_does(old: str, new: str) -> None:
    assert file_hash(edited(old, new)) != file_hash(FILE.encode())


def test_moving_a_statement_to_the_other_half_is_an_edit() -> None:
    one = b"-- +goose Up\nSELECT 1;\nSELECT 2;\n-- +goose Down\nSELECT 3;\n"
    other = b"-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\nSELECT 3;\n"
    assert file_hash(one) != file_hash(other)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"-- +goose Up", b"\xff\xfe\0", b"-- +goose Up\nSELECT 'open"]
)
def test_a_file_of_any_kind_has_a_hash(content: bytes) -> None:
    assert len(file_hash(content)) == 32


def test_a_record() -> None:
    found = record_of(7, "00007_x.sql", FILE.encode())
    assert (found.version, found.file) == (7, "00007_x.sql")
    assert found.raw_hash == hashlib.sha256(FILE.encode()).digest()
    assert found.hash == file_hash(FILE.encode())
    assert zlib.decompress(found.content) == FILE.encode()
    assert record_of(7, "00007_x.sql", FILE.encode(), keep=False) == found._replace(content=b"")


@pytest.mark.parametrize("rows", [1, 40, 4000])
def test_the_text_of_a_file_of_any_size_comes_back(rows: int) -> None:
    content = b"-- +goose Up\n" + b"".join(b"INSERT INTO t VALUES (%d);\n" % (n * n) for n in range(rows))
    kept = record_of(1, "x", content).content
    assert zlib.decompress(kept) == content and (rows == 1 or len(kept) < len(content) / 2)


def test_bytes_that_are_not_utf_8_are_kept() -> None:
    content = b"-- +goose Up\n-- \xff\nALTER ROLE a PASSWORD 'geheim';\n"
    assert zlib.decompress(record_of(1, "x", content).content) == content.replace(b"geheim", b"***")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER ROLE a PASSWORD 'geheim';",
        "alter role a with encrypted password e'geheim';",
        "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password 'geheim');",
        "SELECT dblink_connect('host=h password=geheim');",
        "CREATE SUBSCRIPTION s CONNECTION 'postgres://u:geheim@h/d' PUBLICATION p;",
        "-- once it was ALTER ROLE a PASSWORD 'geheim'\nSELECT 1;",
    ],
)
def test_passwords_are_not_kept(statement: str) -> None:
    content = f"-- +goose Up\n{statement}\n".encode()
    found = record_of(1, "x", content)
    assert b"geheim" not in zlib.decompress(found.content)
    assert found.raw_hash == hashlib.sha256(content).digest()
    assert found.hash == file_hash(content) or "--" in statement


def test_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "00007_x.sql"
    path.write_bytes(FILE.encode())
    migration = Migration(7, str(path))
    assert read_record(migration) == record_of(7, "00007_x.sql", FILE.encode())
    assert read_record(migration, keep=False).content == b""
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        read_record(migration)


def test_of_a_large_file_only_the_bytes_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "STREAM_ABOVE", len(FILE) - 1)
    path = tmp_path / "00007_x.sql"
    path.write_bytes(FILE.encode())
    found = read_record(Migration(7, str(path)))
    digest = hashlib.sha256(FILE.encode()).digest()
    assert (found.raw_hash, found.hash, found.content) == (digest, digest, b"")
    monkeypatch.setattr(fingerprint, "STREAM_ABOVE", len(FILE))
    assert read_record(Migration(7, str(path))).content != b""


def test_hashes_of_statements() -> None:
    one, two = statement_hashes(read("-- +goose Up\nSELECT 1;\nINSERT INTO a VALUES ('x');\n").statements)
    again = statement_hashes(read("-- +goose Up\nselect 1 ;\nINSERT  INTO a VALUES ('X');\n").statements)
    assert again[0] == one
    assert again[1] != two


def test_clickhouse_s_form_keeps_what_its_names_differ_by() -> None:
    """Case and backslashes: PostgreSQL's form makes one of what are two statements there."""
    one, two = b"-- +goose Up\nDROP TABLE a;\n", b"-- +goose Up\nDROP TABLE  A; -- gone\n"
    assert file_hash(one) == file_hash(two)
    assert file_hash(one, "clickhouse") != file_hash(two, "clickhouse")
    assert file_hash(one, "clickhouse") == file_hash(one.replace(b";", b" ; # gone"), "clickhouse")
    here, there = Statement(r"SELECT 'it\'s', 'A'"), Statement(r"SELECT 'it\'s', 'a'")
    assert len(set(statement_hashes([here, there], "clickhouse"))) == 2


def test_clickhouse_s_secrets_are_blanked_in_what_is_kept() -> None:
    content = b"-- +goose Up\nCREATE USER u IDENTIFIED WITH plaintext_password BY 'hush';\n"
    record = record_of(1, "x", content, form="clickhouse")
    assert b"hush" not in zlib.decompress(record.content)
    assert record.hash == file_hash(content, "clickhouse")
