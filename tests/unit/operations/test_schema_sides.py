from __future__ import annotations

import json
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from greylag.environments.resolution import Request
from greylag.errors import GreylagError, ReplayError, UsageError
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.tables import Table
from greylag.operations import schema_sides
from greylag.operations.connect import connect
from greylag.operations.schema_prisma import PrismaSide
from greylag.operations.schema_sides import Side, Sides, comparable, files_of_revision
from greylag.schema.canonical import to_json

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.operations.scratch import Workshop


@pytest.fixture
def project(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations in a git repository; its scratch databases are made in the workshop."""
    monkeypatch.setattr(schema_sides, "workshop_of", lambda _: workshop)
    monkeypatch.chdir(tmp_path)
    write(tmp_path, 1, "CREATE TABLE users (id int);")
    git("init", "-q", "-b", "main")
    commit("one")
    return tmp_path


def write(project: Path, version: int, up: str) -> None:
    folder = project / "migrations"
    folder.mkdir(exist_ok=True)
    (folder / f"{version:05d}_x.sql").write_text(f"-- +goose Up\n{up}\n-- +goose Down\nSELECT 1;\n")


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


def commit(message: str) -> None:
    git("add", "-A")
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", message)


def sides(project: Path, folder: str | None = None) -> Sides:
    return Sides(Request(str(project), {}), folder=folder, engine=None, table=None)


def tables(catalog: Catalog) -> list[str]:
    return [each.name for each in catalog.tables]


def test_a_folder_and_what_it_was(project: Path) -> None:
    write(project, 2, "CREATE TABLE posts (id int);")
    assert tables(sides(project).read("migrations").catalog) == ["posts", "users"]
    for word, other in (("git:main", "migrations"), ("git:HEAD:migrations", ""), ("git:main", "git:HEAD")):
        side = sides(project).read(word, other)
        assert (side.name, tables(side.catalog), side.made) == (word, ["users"], True)


def test_a_database_by_its_connection_string_without_its_password(project: Path, database: str) -> None:
    with closing(connect("postgres", database, "goose_db_version")) as session:
        session.connect()
        session.create_history()
    side = sides(project).read(database.replace("postgres@", "postgres:secret@"))
    assert (tables(side.catalog), side.made) == ([], False)
    assert "secret" not in side.name


def test_a_dump_and_a_catalog_in_files(project: Path) -> None:
    (project / "a.sql").write_text("CREATE TABLE dumped (id int);")
    side = sides(project).read("a.sql")
    assert tables(side.catalog) == ["dumped"]
    (project / "a.json").write_text(json.dumps(to_json(side.catalog)))
    assert sides(project).read("a.json").catalog == side.catalog


def test_the_folder_of_the_command_line_is_where_a_revision_is_looked_for(project: Path) -> None:
    (project / "a.json").write_text("{}")
    assert tables(sides(project, "migrations").read("git:main", "a.json").catalog) == ["users"]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("git:no-such-branch", "git knows no revision no-such-branch"),
        ("git:--output=x", "git knows no revision --output=x"),
        ("git:main:elsewhere", "main has no folder elsewhere"),
        ("broken.json", "broken.json is no JSON"),
        ("notes.txt", "notes.txt is no schema greylag can read"),
        ("mysql://u:secret@h/d", "is no connection string greylag knows"),
        ("no-such-thing", "no greylag.toml is here or above"),
    ],
)
def test_a_word_that_means_nothing_says_why(project: Path, word: str, message: str) -> None:
    (project / "broken.json").write_text("{")
    (project / "notes.txt").write_text("hello")
    with pytest.raises(GreylagError) as refusal:
        sides(project).read(word)
    assert message in refusal.value.message
    assert "secret" not in refusal.value.message


def test_outside_a_repository_git_is_quoted(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("plain")
    with (
        pytest.raises(UsageError, match="git says: not a git repository"),
        files_of_revision("main", str(folder)),
    ):
        pass


def test_a_folder_that_does_not_run_says_which_file(project: Path) -> None:
    write(project, 2, "CREATE TABLE users (id int);")
    with pytest.raises(ReplayError, match="already exists"):
        sides(project).read("migrations")


def test_a_cluster_and_what_files_make_are_compared_as_one_node() -> None:
    cluster = Catalog(
        "clickhouse", tables=(Table("d", "t", engine="ReplicatedMergeTree('/p', '{replica}')"),)
    )
    local = Catalog("clickhouse", tables=(Table("d", "t", engine="MergeTree"),))
    one, other = Side("a", cluster, made=False), Side("b", local, made=True)
    assert comparable(one, other) == (local, local)
    assert comparable(one, other._replace(made=False)) == (cluster, local)


SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n'


def test_a_schema_prisma_and_what_it_was(project: Path) -> None:
    (project / "schema.prisma").write_text(SCHEMA)
    commit("two")
    (project / "schema.prisma").write_text(f"{SCHEMA}\nmodel users {{\n  id Int @id\n}}\n")
    now = sides(project).read("schema.prisma")
    assert isinstance(now, PrismaSide)
    assert [block.name for block in now.document.of("model")] == ["users"]
    for word in ("git:main", "git:main:schema.prisma"):
        then = sides(project).read(word, "schema.prisma")
        assert isinstance(then, PrismaSide)
        assert (then.name, then.document.of("model")) == ("git:main:schema.prisma", ())
    with pytest.raises(UsageError, match=r"main has no file other\.prisma"):
        sides(project).read("git:main:other.prisma")


def test_a_schema_prisma_leaves_out_what_the_config_leaves_out(project: Path) -> None:
    (project / "greylag.toml").write_text('[schema]\nleave_out = ["tmp_*"]\n[services.a.databases.a]\n')
    (project / "schema.prisma").write_text(SCHEMA)
    side = sides(project).read("schema.prisma")
    assert isinstance(side, PrismaSide)
    assert side.leave_out == ("tmp_*",)
