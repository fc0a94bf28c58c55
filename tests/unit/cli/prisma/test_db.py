"""``greylag prisma db pull`` as Prisma words it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.cli.guard import outcome
from greylag.cli.main import greylag_command
from tests.golden.pull_cases import HEAD

if TYPE_CHECKING:
    from pathlib import Path


class Shell:
    """A folder with a schema.prisma, and greylag in this process."""

    def __init__(self, folder: Path, url: str, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.url, self.capfd = folder, url, capfd
        (folder / "prisma").mkdir()
        self.file = folder / "prisma" / "schema.prisma"
        self.file.write_text(HEAD, encoding="utf-8")

    def run(self, ddl: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(ddl)  # type: ignore[call-overload]

    def pull(self, *words: str) -> tuple[int, str, str]:
        self.capfd.readouterr()
        line = ["prisma", "db", "pull", *words]
        code = outcome(lambda: greylag_command.main(line, prog_name="greylag", standalone_mode=False))
        return code, *self.capfd.readouterr()


@pytest.fixture
def shell(
    database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Shell(tmp_path, database, capfd)


def test_the_words_around_a_pull(shell: Shell) -> None:
    shell.run("CREATE TABLE t (id int PRIMARY KEY CHECK (id > 0)); CREATE TABLE u (id int PRIMARY KEY)")
    code, out, err = shell.pull("--url", shell.url)
    path = os.path.join("prisma", "schema.prisma")
    lines = out.split("\n")
    assert (code, err) == (0, "")
    assert lines[0] == f"Prisma schema loaded from {path}"
    assert lines[1].startswith('Datasource "db": PostgreSQL database "test_')
    assert ', schema "public" at "127.0.0.1:' in lines[1]
    assert lines[2:4] == ["", "- Introspecting"]
    assert lines[4].startswith(f"✔ Introspected 2 models and wrote them into {path} in ") and lines[
        4
    ].endswith("ms")
    assert lines[5:8] == ["      ", "*** WARNING ***", ""]
    assert lines[-5:] == [
        '  - Model: "t", constraint: "t_id_check"', "", "Run prisma generate to generate Prisma Client.", "", "",
    ]  # fmt: skip
    assert shell.file.read_text(encoding="utf-8").count("\nmodel ") == 2


def test_one_model_and_an_env_file(shell: Shell) -> None:
    shell.run("CREATE TABLE t (id int PRIMARY KEY)")
    (shell.folder / ".env").write_text(f'DATABASE_URL="{shell.url}"\n', encoding="utf-8")
    code, out, err = shell.pull()
    assert (code, err) == (0, "Environment variables loaded from .env\n")
    assert "- Introspecting based on datasource defined in prisma" in out
    assert "✔ Introspected 1 model and wrote it into" in out and "WARNING" not in out


def test_print_writes_nothing_but_the_schema(shell: Shell) -> None:
    shell.run("CREATE TABLE t (id int PRIMARY KEY CHECK (id > 0))")
    code, out, err = shell.pull("--url", shell.url, "--print")
    assert (code, out.startswith(HEAD + "\n/// This table contains check"), out[-3:]) == (0, True, "}\n\n")
    assert err.startswith("\n// *** WARNING ***\n// \n// These constraints")
    assert shell.file.read_text(encoding="utf-8") == HEAD


def test_what_prisma_refuses_has_its_code(shell: Shell) -> None:
    code, out, err = shell.pull("--url", shell.url)
    assert code == 1 and out.endswith("✖ Introspecting\n")
    assert err.startswith("Error: P4001\n\nThe introspected database was empty:\n")
    shell.file.write_text(HEAD + "model t {\n  id Foo @id\n}\n", encoding="utf-8")
    code, _, err = shell.pull("--url", shell.url)
    assert code == 1 and err.startswith('Error: P1012\n\nerror: Type "Foo" is neither a built-in type')


def test_a_variable_that_is_not_set_comes_with_a_way_out(shell: Shell) -> None:
    code, out, err = shell.pull()
    assert (code, out) == (1, "") and "Environment variable not found: DATABASE_URL" in err
    assert "next: set DATABASE_URL, or --url: greylag dsn TARGET" in err


def test_no_password_is_shown(shell: Shell) -> None:
    code, out, err = shell.pull("--url", "postgres://u:the-secret@127.0.0.1:1/d?sslmode=disable")
    assert code == 1 and "127.0.0.1:1" in out and out.endswith("✖ Introspecting\n")
    assert "the-secret" not in out + err and err


def test_no_file_is_misuse(shell: Shell) -> None:
    os.unlink(shell.file)
    code, out, err = shell.pull("--url", shell.url)
    assert (code, out) == (2, "") and "there is no schema.prisma here" in err


def test_force_forgets_the_old_models(shell: Shell) -> None:
    shell.run("CREATE TABLE t (id int PRIMARY KEY)")
    shell.file.write_text(HEAD + 'model T {\n  id Int @id\n  @@map("t")\n}\n', encoding="utf-8")
    assert shell.pull("--url", shell.url, "--force", "--schema", "prisma/schema.prisma")[0] == 0
    assert "model t {" in shell.file.read_text(encoding="utf-8")
