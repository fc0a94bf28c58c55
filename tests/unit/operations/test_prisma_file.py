"""Where Prisma's files are, and which database they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import EnvFileError, PrismaError, UsageError
from greylag.operations.prisma_file import find_schema, load_variables, refuse, source_of, url_of
from greylag.schema.prisma.document import Problem
from greylag.schema.prisma.parser import parse

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.schema.prisma.document import Block


def put(path: Path, text: str = "") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_defaults_in_prismas_order(tmp_path: Path) -> None:
    inner = put(tmp_path / "prisma" / "schema.prisma")
    assert find_schema(None, str(tmp_path)) == inner
    outer = put(tmp_path / "schema.prisma")
    assert find_schema(None, str(tmp_path)) == outer


def test_package_json_says_where_from_any_folder_below(tmp_path: Path) -> None:
    named = put(tmp_path / "db" / "my.prisma")
    put(tmp_path / "package.json", '{"prisma": {"schema": "./db/my.prisma"}}')
    below = tmp_path / "src" / "deep"
    put(below / "schema.prisma")
    assert find_schema(None, str(below)) == named
    assert find_schema("schema.prisma", str(below)) == str(below / "schema.prisma")


@pytest.mark.parametrize("text", ["no json", "[]", '{"prisma": "x"}', '{"prisma": {"schema": 1}}'])
def test_a_package_json_that_says_nothing_of_it(tmp_path: Path, text: str) -> None:
    put(tmp_path / "package.json", text)
    path = put(tmp_path / "schema.prisma")
    assert find_schema(None, str(tmp_path)) == path


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no schema\.prisma here"):
        find_schema(None, str(tmp_path))
    with pytest.raises(UsageError, match=r"from provided path `x\.prisma`: file or directory not found"):
        find_schema("x.prisma", str(tmp_path))
    put(tmp_path / "package.json", '{"prisma": {"schema": "gone.prisma"}}')
    with pytest.raises(UsageError, match=r"gone\.prisma.*package\.json"):
        find_schema(None, str(tmp_path))
    with pytest.raises(UsageError, match="it is a folder"):
        find_schema(".", str(tmp_path))


def test_env_files_beside_package_json_and_the_schema(tmp_path: Path) -> None:
    put(tmp_path / "package.json", "{}")
    put(tmp_path / ".env", "A=root\nB=root\nHERE=root\n")
    schema = put(tmp_path / "db" / "schema.prisma")
    put(tmp_path / "db" / ".env", "B=beside\nC=beside\n")
    variables, read = load_variables(schema, str(tmp_path), {"HERE": "shell"})
    assert variables == {"HERE": "shell", "A": "root", "B": "root", "C": "beside"}
    assert read == [".env", "db/.env"]


def test_one_env_file_is_read_once(tmp_path: Path) -> None:
    put(tmp_path / "package.json", "{}")
    put(tmp_path / ".env", "A=1\n")
    schema = put(tmp_path / "schema.prisma")
    assert load_variables(schema, str(tmp_path), {}) == ({"A": "1"}, [".env"])
    put(tmp_path / ".env", "A='\n")
    with pytest.raises(EnvFileError):
        load_variables(schema, str(tmp_path), {})


def test_no_env_file_at_all(tmp_path: Path) -> None:
    schema = put(tmp_path / "deep" / "schema.prisma")
    assert load_variables(schema, str(tmp_path / "deep"), {"X": "1"}) == ({"X": "1"}, [])


def datasource(*lines: str) -> Block:
    return parse("datasource db {\n" + "\n".join(lines) + "\n}\n").of("datasource")[0]


def test_the_direct_url_goes_before_the_other() -> None:
    block = datasource('url = env("URL")', 'directUrl = "postgres://direct/d"')
    assert url_of(block, {"URL": "postgres://pooled/d"}) == "postgres://direct/d"
    assert url_of(datasource('url = env("URL")'), {"URL": "postgres://pooled/d"}) == "postgres://pooled/d"


def test_a_variable_that_is_not_set_is_prismas_error() -> None:
    with pytest.raises(PrismaError, match="Environment variable not found: NOPE") as raised:
        url_of(datasource('url = env("URL")', 'directUrl = env("NOPE")'), {"URL": "x"})
    assert raised.value.prisma_code == "P1012" and "line 3" in raised.value.message
    with pytest.raises(PrismaError, match="neither a string nor env"):
        url_of(datasource("url = 5"), {})


def test_what_only_prisma_understands_is_taken_out_of_a_connection_string() -> None:
    url = "postgresql://u:p@h:5/d?schema=my%20s&connection_limit=5&sslmode=require&pgbouncer=true&sslcert=ca.pem"
    found = source_of(url)
    assert found.text == "postgresql://u:p@h:5/d?sslmode=require&sslrootcert=ca.pem"
    assert found.schema == "my s"
    assert source_of("postgres://h/d") == ("postgres://h/d", "public")
    assert source_of("postgres://h/d?schema=x") == ("postgres://h/d", "x")


def test_a_refusal_shows_the_lines_it_is_about() -> None:
    text = "model x {\n  id Foo @id\n}\n"
    error = refuse("s.prisma", text, [Problem('Type "Foo" is unknown.', 2, 2)], ending="\nSo it is.")
    assert error.message == (
        'error: Type "Foo" is unknown.\n  -->  s.prisma:2\n   | \n 1 | model x {\n 2 |   id Foo @id\n   | \n'
        "\nSo it is."
    )
