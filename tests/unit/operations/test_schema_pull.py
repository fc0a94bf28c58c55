"""Pulling the better way: what the edit is, what is refused, and that the old file is never lost."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.session import PostgresSession
from greylag.environments.resolution import Request, resolve
from greylag.errors import EditError, UsageError
from greylag.operations.schema_pull import DEFAULT, HEAD, Wishes, pull, wishes_for, without_tables
from greylag.operations.write import write
from tests.plugins import pictures
from tests.plugins.pictures import catalog, key, table

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.model.edit import Edit
    from tests.unit.operations.conftest import CarefulGround, Ground

MODEL = HEAD + "\nmodel t {\n  id Int @id\n}\n"


class Project:
    """A schema.prisma and the database it follows."""

    def __init__(self, url: str, path: Path) -> None:
        self.url, self.path = url, path

    def run(self, ddl: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(ddl)  # type: ignore[call-overload]

    def edit(self, **wishes: object) -> Edit:
        with closing(PostgresSession(self.url, "goose_db_version")) as session:
            return pull(session, "goose_db_version", Wishes(str(self.path), **wishes))  # type: ignore[arg-type]

    def refused(self) -> EditError:
        before = self.path.read_bytes()
        with pytest.raises(EditError) as raised:
            self.edit()
        assert self.path.read_bytes() == before
        return raised.value


@pytest.fixture
def project(database: str, tmp_path: Path) -> Project:
    return Project(database, tmp_path / "schema.prisma")


def test_a_new_file_begins_as_prisma_init_writes_it(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    edit = project.edit()
    assert (edit.path, edit.before, edit.after) == (str(project.path), None, MODEL)
    assert not project.path.exists()
    assert HEAD == pictures.HEAD


def test_written_in_one_step_it_keeps_its_mode_and_its_link(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    project.path.write_text(HEAD)
    project.path.chmod(0o640)
    link = project.path.with_name("link.prisma")
    link.symlink_to(project.path)
    first = project.path
    project.path = link
    assert write([project.edit()]) == [str(link)]
    assert link.is_symlink() and first.read_text() == MODEL
    assert stat.S_IMODE(os.stat(first).st_mode) == 0o640
    assert sorted(os.listdir(first.parent)) == ["link.prisma", "schema.prisma"]
    edit = project.edit()
    assert edit.before == edit.after == MODEL


def test_a_file_changed_meanwhile_is_left_alone(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    project.path.write_text(HEAD)
    edit = project.edit()
    project.path.write_text(HEAD + "// mine\n")
    with pytest.raises(EditError, match="changed meanwhile"):
        write([edit])
    assert project.path.read_text() == HEAD + "// mine\n"


def test_line_ends_of_windows_stay(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY, n int)")
    old = MODEL.replace("model t {", "// note\nmodel t {\n  // inside")
    project.path.write_bytes(old.replace("\n", "\r\n").encode())
    after = project.edit().after
    assert after.replace("\r\n", "\n") == old.replace("  id Int @id\n", "  id Int  @id\n  n  Int?\n")
    assert after.count("\n") == after.count("\r\n")
    write([project.edit()])
    edit = project.edit()
    assert edit.before == edit.after


def test_the_tools_own_tables_are_left_out(own: CarefulGround) -> None:
    own.write(1)
    own.up()
    text = pull(own.session, "goose_db_version", Wishes(str(own.base / "schema.prisma"))).after
    assert "model t1 {" in text and text.count("model ") == 1


def test_patterns_leave_tables_out_with_the_keys_to_them(project: Project) -> None:
    project.run(
        "CREATE TABLE tmp_a (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES tmp_a);"
        "CREATE SCHEMA audit; CREATE TABLE audit.log (id int PRIMARY KEY)"
    )
    text = project.edit(leave_out=["tmp_*", "audit.*"]).after
    assert text == MODEL.replace("  id Int @id\n", "  id Int  @id\n  a  Int?\n")


def test_what_patterns_mean() -> None:
    made = catalog(
        table("a", "id", constraints=(key("k", ("id",), "app.b"),)),
        table("b", "id", schema="app"),
        views=(pictures.catalog().views),
    )
    assert without_tables(made, ()) is made
    assert [each.name for each in without_tables(made, ["app.b"]).tables] == ["a"]
    assert [each.name for each in without_tables(made, ["b"]).tables] == ["a"]
    assert [each.name for each in without_tables(made, ["public.b", "A"]).tables] == ["b", "a"]
    (left,) = without_tables(made, ["*b"]).tables
    assert [each.name for each in left.constraints] == ["a_pkey"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "\nmodel t {\n  id Int @id\n  what is this\n}\n", 12, "can be read"),
        (HEAD + "\nmodel t {\n  id Int @id\n", 10, "can be read"),
        (HEAD.replace("postgresql", "mysql"), 5, "another database: mysql"),
    ],
)
def test_an_old_file_that_cannot_be_read_is_told_with_its_line(
    project: Project, text: str, line: int, said: str
) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    project.path.write_text(text)
    error = project.refused()
    assert error.where is not None
    assert (error.where.path, error.where.line) == (str(project.path), line)
    assert said in str(error) and error.hint


def test_a_file_without_a_datasource_is_refused(project: Project) -> None:
    project.path.write_text("model t {\n  id Int @id\n}\n")
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    assert "has no datasource" in str(project.refused())


def test_what_prisma_would_refuse_is_not_written(project: Project) -> None:
    """A relation that only the file knows, over a field that is gone."""
    head = HEAD.replace('env("DATABASE_URL")', 'env("DATABASE_URL")\n  relationMode = "prisma"')
    project.path.write_text(
        head + "model a {\n  id Int @id\n  bs b[]\n}\n"
        "model b {\n  id Int @id\n  a a? @relation(fields: [gone], references: [id])\n}\n"
    )
    project.run("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)")
    error = project.refused()
    assert "Prisma would refuse" in str(error) and "gone" in str(error)


def test_an_empty_database_and_keys_into_other_schemas(project: Project) -> None:
    with pytest.raises(UsageError, match="nothing to pull: no table in public"):
        project.edit()
    project.run(
        "CREATE SCHEMA app; CREATE TABLE app.u (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY REFERENCES app.u)"
    )
    with pytest.raises(UsageError, match=r"t_id_fkey of public\.t leads to app\.u") as raised:
        project.edit()
    assert raised.value.hint and 'schemas = ["public", "app"]' in raised.value.hint


def test_another_engine_is_refused(lite: Ground, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="made from PostgreSQL, and this is sqlite"):
        pull(lite.session, "goose_db_version", Wishes(str(tmp_path / "schema.prisma")))


CONFIG = """
[environments.dev]
[schema]
camel = {camel}
leave_out = ["tmp_*"]
[services.one.databases.a]
[services.two.databases]
b = {{ migrations = "b" }}
c = {{ migrations = "c", prisma = "db/c.prisma" }}
"""


@pytest.mark.parametrize("camel", [True, False])
def test_the_config_says_where_and_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, camel: bool) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "greylag.toml").write_text(CONFIG.format(camel=str(camel).lower()))
    resolution = resolve(Request(str(tmp_path), {}, ("*@dev",)))
    found = {target.key: wishes_for(target, resolution) for target in resolution.targets}
    assert {key: os.path.relpath(each.path, tmp_path) for key, each in found.items()} == {
        "a": "services/one/prisma/schema.prisma",
        "b": "services/two/prisma/b/schema.prisma",
        "c": "services/two/db/c.prisma",
    }
    assert {(each.by_convention, tuple(each.leave_out)) for each in found.values()} == {(camel, ("tmp_*",))}
    target = resolution.targets[0]
    assert wishes_for(target, resolution, path="x.prisma", camel=True)[:2] == ("x.prisma", True)


def test_without_a_config_it_is_prisma_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "migrations").mkdir()
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1:1/x")
    resolution = resolve(Request(str(tmp_path), dict(os.environ)))
    assert wishes_for(resolution.targets[0], resolution) == Wishes(str(tmp_path / DEFAULT))
