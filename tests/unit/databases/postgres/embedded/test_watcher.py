"""When the watcher stays, and when it stops the server; with real servers in tests/roads/test_server.py."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.embedded import watcher
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.databases import Activity
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.started import Start, write_start
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from pathlib import Path


class Scene:
    """A server as the watcher sees it: one Activity (or error) per look, then it is gone."""

    def __init__(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.looks: list[Activity | EmbeddedError] = []
        self.stopped = False
        self.now = 0.0
        monkeypatch.setattr(watcher, "is_running", lambda _: bool(self.looks) and not self.stopped)
        monkeypatch.setattr(watcher, "find_postmaster", lambda _: "a postmaster")
        monkeypatch.setattr(watcher, "look_at_activity", self.look)
        monkeypatch.setattr(watcher, "stop_postmaster", self.stop)
        monkeypatch.setattr(watcher.time, "sleep", self.sleep)
        monkeypatch.setattr(watcher.time, "monotonic", lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def look(self, _: object) -> Activity:
        answer = self.looks.pop(0)
        if isinstance(answer, EmbeddedError):
            raise answer
        return answer

    def stop(self, _: Place) -> None:
        self.stopped = True

    def unused(self, seconds: float) -> None:
        self.place.used_file.touch()
        os.utime(self.place.used_file, (time.time() - seconds,) * 2)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    place = Place(tmp_path, tmp_path, caller())
    write_start(place, Start("wheel", "16.14", "/bin", 900))
    return Scene(place, monkeypatch)


def test_nobody_for_long_enough(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.unused(901)
    scene.looks = [Activity(0, 5), Activity(0, 5)]
    watcher.watch(scene.place)
    assert scene.stopped and len(scene.looks) == 1
    assert capsys.readouterr().out.endswith("greylag: stopped: nobody used the server for 900 s\n")


def test_not_long_enough(scene: Scene) -> None:
    scene.unused(800)
    scene.looks = [Activity(0, 5)] * 3
    watcher.watch(scene.place)
    assert not scene.stopped


def test_a_client_is_use(scene: Scene) -> None:
    scene.unused(5000)
    scene.looks = [Activity(1, 5), Activity(0, 5)]
    watcher.watch(scene.place)
    assert not scene.stopped
    assert time.time() - scene.place.used_file.stat().st_mtime < 100


def test_sessions_that_came_and_went_are_use(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.looks = [Activity(0, 5), Activity(0, 6), Activity(0, 6)]
    real, ages = scene.look, iter([800, 5000, 0])

    def look(server: object) -> Activity:
        if age := next(ages):
            scene.unused(age)
        return real(server)

    monkeypatch.setattr(watcher, "look_at_activity", look)
    watcher.watch(scene.place)
    assert not scene.stopped


def test_a_look_that_fails_is_repeated(scene: Scene) -> None:
    scene.unused(5000)
    scene.looks = [EmbeddedError("too many clients"), Activity(0, 5)]
    watcher.watch(scene.place)
    assert scene.stopped


def test_looks_are_a_minute_apart_or_less_where_less_is_asked_for(scene: Scene) -> None:
    scene.unused(0)
    scene.looks = [Activity(0, 5)] * 3
    watcher.watch(scene.place)
    assert 180 <= scene.now <= 190
    write_start(scene.place, Start("wheel", "16.14", "/bin", 2))
    assert watcher._look_every(scene.place) == 0.5
    write_start(scene.place, Start("wheel", "16.14", "/bin", 0))
    assert watcher._look_every(scene.place) == 0.1


def test_it_ends_with_the_server(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher.watch(scene.place)
    assert not scene.stopped
    scene.looks = [Activity(0, 5)]
    monkeypatch.setattr(watcher, "find_postmaster", lambda _: None)
    watcher.watch(scene.place)
    assert scene.looks, "it did not even look"
