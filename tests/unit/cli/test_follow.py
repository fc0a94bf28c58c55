from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.cli.follow import tell_schema
from greylag.cli.options import Place
from greylag.environments.resolution import Request, resolve
from greylag.operations.connect import connect

if TYPE_CHECKING:
    from pathlib import Path

    Said = tuple[bool, str, str]

SYNC = "[schema]\nsync = true\n"
SERVICE = "[services.one.databases.one]\n"


class Scene:
    """A workspace of one service, any database in the place of its local one, and what is told of it."""

    def __init__(self, base: Path, database: str, capfd: pytest.CaptureFixture[str]) -> None:
        self.base, self.database, self.capfd = base, database, capfd
        self.file = base / "services" / "one" / "prisma" / "schema.prisma"
        (base / "services" / "one" / "migrations").mkdir(parents=True)

    def tell(self, config: str, *, as_json: bool = False) -> Said:
        (self.base / "greylag.toml").write_text(config)
        resolution = resolve(Request(str(self.base), {}, ("one@local",)))
        with closing(connect("postgres", self.database, "goose_db_version")) as session:
            session.connect()
            good = tell_schema(
                session, resolution.targets[0], resolution, Place((), None, None), ran=True, as_json=as_json
            )
        return good, *self.capfd.readouterr()


@pytest.fixture
def scene(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Scene:
    monkeypatch.chdir(tmp_path)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE users (id int PRIMARY KEY)")
    return Scene(tmp_path, database, capfd)


PATH = "services/one/prisma/schema.prisma"


def test_one_line_says_what_was_done(scene: Scene) -> None:
    assert scene.tell(SYNC + SERVICE) == (True, f"  wrote {PATH}\n", "")
    assert scene.tell(SYNC + SERVICE) == (True, f"  {PATH} is up to date\n", "")


def test_without_sync_one_line_offers_it(scene: Scene) -> None:
    assert scene.tell(SERVICE) == (True, "", "")
    scene.file.parent.mkdir()
    scene.file.write_text('datasource db {\n  provider = "postgresql"\n  url = env("X")\n}\n')
    good, said, _ = scene.tell(SERVICE)
    assert good
    assert said.startswith(f"  next: greylag schema pull one@local, {PATH} is out of date")


def test_a_pull_that_fails_is_told_and_is_no_success(scene: Scene) -> None:
    scene.file.parent.mkdir()
    scene.file.write_text("// nothing\n")
    good, said, error = scene.tell(SYNC + SERVICE)
    assert (good, said) == (False, "")
    assert error.startswith("error: one@local: the run is done, but schema.prisma does not follow: has no")
    assert f"--> {scene.file}" in error


def test_json(scene: Scene) -> None:
    _, said, _ = scene.tell(SYNC + SERVICE, as_json=True)
    assert json.loads(said) == {"event": "schema", "target": "one@local", "file": PATH, "state": "wrote"}
    scene.file.write_text("// nothing\n")
    good, said, _ = scene.tell(SYNC + SERVICE, as_json=True)
    failed = json.loads(said)
    assert not good
    assert (failed["event"], failed["target"]) == ("failed", "one@local")
    assert failed["error"]["message"] == "has no datasource"
