"""Pulling: what is written, what is refused, and that the old file is never lost."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.errors import ConnectError, EditError, PrismaError, UsageError
from greylag.operations import prisma_pull
from greylag.operations.prisma_pull import Place, Pulled, pull
from tests.golden.pull_cases import HEAD

if TYPE_CHECKING:
    from pathlib import Path

NOTHING: dict[str, str] = {}


class Project:
    """A schema.prisma and the database it follows."""

    def __init__(self, url: str, path: Path) -> None:
        self.url, self.path = url, path
        self.told: list[Place] = []
        self.write(HEAD)

    def run(self, ddl: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(ddl)  # type: ignore[call-overload]

    def write(self, text: str) -> None:
        self.path.write_bytes(text.encode())

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def pull(self, url: str | None = None, *, only_print: bool = False, force: bool = False) -> Pulled:
        return pull(
            url or self.url, str(self.path), NOTHING, self.told.append, only_print=only_print, force=force
        )

    def refused(self, **named: bool) -> PrismaError:
        """The refusal of a pull, which leaves the file as it was."""
        before = self.text
        with pytest.raises(PrismaError) as raised:
            self.pull(**named)
        assert self.text == before
        return raised.value


@pytest.fixture
def project(database: str, tmp_path: Path) -> Project:
    return Project(database, tmp_path / "schema.prisma")


MODEL = HEAD + "\nmodel t {\n  id Int @id\n}\n"


def test_the_file_is_written_and_keeps_its_mode(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    os.chmod(project.path, 0o640)
    found = project.pull()
    assert (project.text, found.text, found.models, found.warnings) == (MODEL, MODEL, 1, "")
    assert stat.S_IMODE(os.stat(project.path).st_mode) == 0o640
    assert os.listdir(project.path.parent) == ["schema.prisma"]
    (place,) = project.told
    assert (place.datasource, place.schemas, place.listed, place.based) == ("db", ("public",), False, False)
    assert place.database in project.url and place.address.startswith("127.0.0.1:")


def test_nothing_is_written_to_be_printed(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    assert project.pull(only_print=True).text == MODEL
    assert project.text == HEAD


def test_the_url_of_the_datasource_with_its_schema(project: Project) -> None:
    project.run("CREATE SCHEMA o; CREATE TABLE o.t (id int PRIMARY KEY)")
    found = pull(
        None,
        str(project.path),
        {"DATABASE_URL": f"{project.url}&schema=o&connection_limit=1"},
        project.told.append,
    )
    assert found.text == MODEL and project.told[0].schemas == ("o",) and project.told[0].based


def test_line_ends_of_windows_in_an_old_file_are_read(project: Project) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    project.write((HEAD + '\n/// Mine.\nmodel T {\n  id Int @id\n\n  @@map("t")\n}\n').replace("\n", "\r\n"))
    assert '/// Mine.\nmodel T {\n  id Int @id\n\n  @@map("t")\n}\n' in project.pull().text
    assert "\r" not in project.text  # as Prisma: the file is made anew


def test_an_empty_database_is_refused(project: Project) -> None:
    assert project.refused().prisma_code == "P4001"


def test_a_key_into_another_schema_is_refused(project: Project) -> None:
    project.run(
        "CREATE SCHEMA o; CREATE TABLE o.t (id int PRIMARY KEY); CREATE TABLE u (t int REFERENCES o.t)"
    )
    error = project.refused()
    assert error.prisma_code == "P4002"
    assert "`public.u` points to `o.t` in constraint `u_t_fkey`. Please add `o`" in error.message


@pytest.mark.parametrize(
    "broken", ["model t {\n  id Foo @id\n}\n", "model t {\n", "model t {\n  id Int @id\n  id Int\n}\n"]
)
def test_an_old_file_that_is_not_valid_is_refused_and_force_forgets_it(project: Project, broken: str) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    project.write(HEAD + broken)
    error = project.refused()
    assert error.prisma_code == "P1012" and "--force" in error.message
    assert project.pull(force=True).text == MODEL


def test_a_file_without_a_datasource_is_refused_in_any_case(project: Project) -> None:
    project.write("")
    assert "no datasource" in project.refused(force=True).message
    project.write("datasource db {\n")
    assert project.refused(force=True).prisma_code == "P1012"


@pytest.mark.parametrize("provider", ["mysql", "sqlite", "cockroachdb"])
def test_other_databases_are_left_to_prisma(project: Project, provider: str) -> None:
    project.write(HEAD.replace("postgresql", provider))
    with pytest.raises(UsageError, match=f"provider is '{provider}'"):
        project.pull()


def test_a_server_that_is_not_there(project: Project) -> None:
    with pytest.raises(ConnectError) as raised:
        project.pull("postgres://u:the-secret@127.0.0.1:1/d?sslmode=disable")
    assert "the-secret" not in str(raised.value) + repr(raised.value) + raised.value.message
    assert raised.value.source and project.text == HEAD


def test_a_file_that_is_not_there_is_said_before_anything_is_connected_to(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        pull("postgres://127.0.0.1:1/d", "gone.prisma", NOTHING, lambda place: None, folder=str(tmp_path))


def test_somebody_elses_change_is_not_written_over(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")
    real = prisma_pull.introspect

    def slowly(*words: object, **named: object) -> object:
        project.write(HEAD + "// theirs\n")
        return real(*words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(prisma_pull, "introspect", slowly)
    with pytest.raises(EditError, match="changed meanwhile"):
        project.pull()
    assert project.text == HEAD + "// theirs\n"


def test_a_file_half_written_is_never_seen(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run("CREATE TABLE t (id int PRIMARY KEY)")

    def full(*words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(EditError):
        project.pull()
    assert project.text == HEAD and os.listdir(project.path.parent) == ["schema.prisma"]


def test_tables_without_a_right_to_them_are_commented_out(project: Project) -> None:
    project.run(
        "DROP ROLE IF EXISTS puller; CREATE ROLE puller LOGIN; CREATE TABLE closed (id int PRIMARY KEY); "
        "CREATE TABLE open (id int PRIMARY KEY, secret int); GRANT SELECT (id) ON open TO puller"
    )
    try:
        found = project.pull(project.url.replace("postgres@", "puller@"))
    finally:
        project.run("DROP OWNED BY puller; DROP ROLE puller")
    assert found.text.endswith("privileges.\n// model closed {\n// }\n\nmodel open {\n  id Int @id\n}\n")
    assert "commented out as we could not retrieve columns" in found.warnings
