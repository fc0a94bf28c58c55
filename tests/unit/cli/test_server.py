from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greylag.operations import server

if TYPE_CHECKING:
    import pytest

    from tests.plugins.embedded import Ground
    from tests.unit.cli.conftest import Here


def test_before_the_first_start(here: Here, ground: Ground) -> None:
    answer = here.greylag("server", "status")
    assert answer.code == 1 and answer.lines[0] == "not running" and "server start starts it" in answer.out
    assert here.greylag("server", "status", "--json").json()["running"] is False
    assert here.greylag("server", "stop").lines == ["not running"]
    logs = here.greylag("server", "logs", "-n", "5")
    assert (logs.code, logs.out) == (0, "")
    assert ground.pid_files() == []


def test_from_start_to_stop(here: Here, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ground.workspace)
    monkeypatch.delenv("DATABASE_URL")
    started = here.greylag("server", "start")
    assert started.code == 0 and started.lines[0].startswith("started: PostgreSQL 16.")
    assert here.greylag("server", "start").lines[0].startswith("already running: ")
    running = here.greylag("server", "status")
    assert running.code == 0 and running.lines[0].startswith("running: PostgreSQL 16.")
    facts: Any = here.greylag("server", "status", "--json").json()
    assert facts["running"] is True and f":{facts['port']}" in running.lines[0]
    assert len(here.greylag("server", "logs", "-n", "2").lines) == 2
    assert here.greylag("server", "stop").lines[0].startswith("stopped: PostgreSQL 16.")


def test_psql_and_install_hand_their_words_on(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(server, "psql", lambda *words, bin: asked.append((*words, bin)))
    here.greylag("server", "psql", "girok", "-c", "SELECT 1", "--help")
    ((_, *rest),) = asked
    assert rest == ["girok", ("-c", "SELECT 1", "--help"), None]
    (here.base / "empty").mkdir()
    answer = here.greylag("server", "install", "--from", "empty")
    assert answer.code == 1 and "holds no PostgreSQL" in answer.err


def test_an_unknown_verb_of_the_server(here: Here) -> None:
    assert here.greylag("server", "nope").code == 2
