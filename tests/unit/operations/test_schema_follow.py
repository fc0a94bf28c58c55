from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.environments.resolution import Request, Resolution, resolve
from greylag.errors import EditError
from greylag.model.dsn import Dsn
from greylag.operations.connect import connect
from greylag.operations.schema_follow import Followed, follow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Follow = Callable[..., Followed | None]

SYNC = "[schema]\nsync = true\n"
SERVICE = "[services.one.databases.one]\n[environments.dev]\n"


class Scene:
    """A workspace of one service, and any database in the place of its local one."""

    def __init__(self, base: Path, database: str) -> None:
        self.base, self.database = base, database
        self.file = base / "services" / "one" / "prisma" / "schema.prisma"
        (base / "services" / "one" / "migrations").mkdir(parents=True)

    def resolution(self, config: str, word: str) -> Resolution:
        (self.base / "greylag.toml").write_text(config)
        return resolve(Request(str(self.base), {}, (word,)))

    def do(self, statements: str) -> None:
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(statements)  # type: ignore[arg-type]

    def follow(
        self, config: str, *, ran: bool = True, word: str = "one@local", dsn: bool = False
    ) -> str | None:
        """The state; the path is always the file's."""
        resolution = self.resolution(config, word)
        target = resolution.targets[0]._replace(dsn=Dsn(self.database) if dsn else None)
        with closing(connect("postgres", self.database, "goose_db_version")) as session:
            session.connect()
            found = follow(session, target, resolution, ran=ran)
        if found is None:
            return None
        assert found.path == str(self.file)
        return found.state


@pytest.fixture
def scene(tmp_path: Path, database: str) -> Scene:
    scene = Scene(tmp_path, database)
    scene.do("CREATE TABLE users (id int PRIMARY KEY)")
    return scene


def test_with_sync_the_file_is_written_and_then_current(scene: Scene) -> None:
    assert scene.follow(SYNC + SERVICE) == "wrote"
    assert "model users {" in scene.file.read_text()
    assert scene.follow(SYNC + SERVICE, ran=False) == "current"


def test_with_sync_a_file_is_brought_up_to_date_even_if_nothing_ran(scene: Scene) -> None:
    scene.follow(SYNC + SERVICE)
    scene.do("ALTER TABLE users ADD COLUMN email text")
    assert scene.follow(SYNC + SERVICE, ran=False) == "wrote"
    assert "email String?" in scene.file.read_text()


def test_an_empty_database_leaves_the_file_as_it_is(scene: Scene) -> None:
    scene.follow(SYNC + SERVICE)
    before = scene.file.read_text()
    scene.do("DROP TABLE users")
    assert scene.follow(SYNC + SERVICE) == "empty"
    assert scene.file.read_text() == before


def test_with_sync_a_broken_file_is_an_error_and_stays(scene: Scene) -> None:
    scene.file.parent.mkdir()
    scene.file.write_text("// nothing\n")
    with pytest.raises(EditError, match="no datasource"):
        scene.follow(SYNC + SERVICE)
    assert scene.file.read_text() == "// nothing\n"


def test_without_sync_a_file_that_was_left_behind_is_told_of(scene: Scene) -> None:
    assert scene.follow(SERVICE) is None, "there is no file"
    scene.follow(SYNC + SERVICE)
    assert scene.follow(SERVICE) is None, "it is up to date"
    before = scene.file.read_text()
    scene.do("ALTER TABLE users ADD COLUMN email text")
    assert scene.follow(SERVICE, ran=False) is None
    assert scene.follow(SERVICE) == "stale"
    assert scene.file.read_text() == before


def test_without_sync_a_broken_file_is_told_of_and_raises_nothing(scene: Scene) -> None:
    scene.file.parent.mkdir()
    scene.file.write_text("// nothing\n")
    assert scene.follow(SERVICE) == "stale"


@pytest.mark.parametrize(("word", "dsn"), [("one@dev", False), ("one@local", True)])
def test_only_the_local_database_of_the_workspace_counts(scene: Scene, word: str, dsn: bool) -> None:
    assert scene.follow(SYNC + SERVICE, word=word, dsn=dsn) is None
    assert not scene.file.exists()


def test_another_engine_has_no_such_file(scene: Scene) -> None:
    assert scene.follow(f'[services.one.databases.one]\nengine = "sqlite"\n{SYNC}') is None
