from __future__ import annotations

import os
import re
import signal
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here

TOOK = re.compile(r" \([\d.]+(?:ns|µs|ms|s)\)$")


def told(here: Here, *words: str) -> list[str]:
    """The lines of a run after the first, without durations."""
    answer = here.greylag(*words)
    assert (answer.code, answer.err) == (0, "")
    first, *rest = answer.lines
    assert re.fullmatch(r"migrations: SQLite [\d.]+ x\.db \(from DATABASE_URL\)", first)
    return [TOOK.sub("", line).strip() for line in rest]


def test_every_run_ends_with_the_version(here: Here) -> None:
    for version in (1, 2, 3):
        here.write(version)
    ok = {version: f"OK    0000{version}_t.sql" for version in (1, 2, 3)}
    assert told(here, "up-by-one") == [ok[1], "now at version 1"]
    assert told(here, "up-to", "2") == [ok[2], "now at version 2"]
    assert told(here, "up") == [ok[3], "now at version 3"]
    assert told(here, "up") == ["nothing to run, at version 3"]
    assert told(here, "down") == [f"{ok[3]} back", "now at version 2"]
    assert told(here, "redo") == [f"{ok[2]} back", ok[2], "now at version 2"]
    assert told(here, "down-to", "1") == [f"{ok[2]} back", "now at version 1"]
    assert told(here, "down-to", "1") == ["nothing to run, at version 1"]
    assert here.tables() == ["t1"]
    assert told(here, "reset") == [f"{ok[1]} back", "now at version 0"]
    assert told(here, "reset") == ["nothing to run, at version 0"]
    assert here.tables() == []


def test_reset_of_a_fresh_database_makes_nothing(here: Here) -> None:
    here.write(1)
    assert told(here, "reset") == ["nothing to run, at version 0"]


@pytest.mark.parametrize("verb", ["down", "redo"])
def test_nothing_to_take_back(verb: str, here: Here) -> None:
    here.write(1)
    answer = here.greylag(verb)
    assert answer.code == 1 and "nothing is applied" in answer.err


def test_no_next_file(here: Here) -> None:
    here.write(1)
    here.greylag("up")
    answer = here.greylag("up-by-one")
    assert answer.code == 1 and "no next version found" in answer.err


def test_a_failure_shows_the_place_and_what_stands(here: Here) -> None:
    here.write(1)
    path = here.write(2, up="CREATE TABLE t2 (id int);\nSELECT nope;")
    answer = here.greylag("up")
    assert answer.code == 1 and "OK    00001_t.sql" in answer.out
    assert answer.err.startswith("error: 00002_t.sql failed: ")
    assert f"--> {path}:3" in answer.err and "3 | SELECT nope;" in answer.err
    assert "nothing of it remains; the database is at version 1" in answer.err
    assert here.tables() == ["t1"]


def test_a_failure_outside_a_transaction(here: Here) -> None:
    here.write(1, up="CREATE TABLE t1 (id int);\nSELECT nope;", head="-- +goose NO TRANSACTION\n")
    answer = here.greylag("up")
    assert answer.code == 1 and "its statements before line 4 took effect and stay" in answer.err
    assert "the database is at version 0" in answer.err and here.tables() == ["t1"]


def test_missing_files_wait_for_a_word(here: Here) -> None:
    here.write(2)
    here.greylag("up")
    here.write(1)
    answer = here.greylag("up")
    assert answer.code == 1 and "--allow-missing" in answer.err
    assert told(here, "up", "--allow-missing")[0] == "OK    00001_t.sql"
    assert here.tables() == ["t1", "t2"]


def test_events_for_programs(here: Here) -> None:
    here.write(1)
    here.write(2, up="SELECT nope;")
    answer = here.greylag("up", "--json")
    connected, ran, failed = answer.events()
    assert answer.code == 1 and (connected["event"], connected["engine"]) == ("connected", "sqlite")
    assert (ran["event"], ran["version"], ran["direction"]) == ("ran", 1, "up")
    error = failed["error"]
    assert (failed["event"], error["code"], error["file"], error["line"]) == (
        "failed",
        "G030",
        "migrations/00002_t.sql",
        2,
    )
    *_, reached = here.greylag("down", "--json").events()
    assert reached == {"event": "reached", "target": "migrations", "version": 0}


@pytest.mark.parametrize(
    ("words", "step"),
    [(["up"], "up"), (["up-to", "2"], "up"), (["up-by-one"], "up"), (["down"], "down"), (["reset"], "down")],
)
def test_a_dry_run_prints_the_plan_and_does_nothing(words: list[str], step: str, here: Here) -> None:
    here.write(1)
    here.greylag("up")
    here.write(2)
    answer = here.greylag(*words, "--dry-run")
    assert answer.code == 0 and f"  1. {step} migrations/" in answer.out
    assert here.tables() == ["t1"]
    assert here.greylag("version").lines[1] == "  version 1"


def test_protected_targets(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_PROD_URL", f"sqlite:{here.base}/one.db")
    for words in (["down"], ["down-to", "0"], ["redo"], ["reset"]):
        answer = here.greylag(*words, "one@prod")
        assert answer.code == 2 and f"one@prod is protected: {words[0]} is refused there" in answer.err
    answer = here.greylag("up", "one@prod")
    assert answer.code == 2 and "add --yes when it is meant" in answer.err
    assert not (here.base / "one.db").exists()
    assert here.greylag("up", "--dry-run", "one@prod").code == 0
    assert here.greylag("up", "one@prod", "--yes").lines[-1] == "  now at version 1"


@pytest.mark.parametrize(("typed", "code"), [("one@prod\n", 0), ("yes\n", 2)])
def test_a_protected_target_is_asked_by_name(
    typed: str, code: int, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_PROD_URL", f"sqlite:{here.base}/one.db")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda text, **_: typed.strip())
    assert here.greylag("up", "one@prod").code == code
    assert (here.base / "one.db").exists() is (code == 0)


def test_the_first_failure_ends_a_run_over_targets_and_is_named(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_DEV_URL", "sqlite:/nowhere/one.db")
    monkeypatch.setenv("TWO_DEV_URL", f"sqlite:{here.base}/two.db")
    answer = here.greylag("up", "*@dev")
    assert answer.code == 1 and "error: one@dev: " in answer.err
    assert not (here.base / "two.db").exists()


def test_a_mistyped_folder(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    answer = here.greylag("up", "--dir", "typo")
    assert answer.code == 1 and "typo directory does not exist" in answer.err
    assert not (here.base / ".greylag").exists(), "no server was started for it"


def test_a_deadline(here: Here) -> None:
    here.write(
        1, up="WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c;"
    )
    answer = here.greylag("up", "--timeout", "200ms")
    assert answer.code == 1 and "greylag --timeout" in answer.err


def test_ctrl_c(here: Here) -> None:
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c;"
    here.write(1, up=endless)
    before = signal.getsignal(signal.SIGTERM)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    answer = here.greylag("up", "--timeout", "60s")
    timer.join()
    assert answer.code == 143 and answer.err.startswith("error: interrupted\n")
    assert "00001_t.sql was stopped and rolled back" in answer.err
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_config_may_let_files_run_out_of_order(here: Here) -> None:
    here.workspace()
    config = here.base / "greylag.toml"
    config.write_text('[apply]\nout_of_order = "allow"\n' + config.read_text())
    folder = here.base / "services/one/migrations"
    (folder / "00003_c.sql").write_text("-- +goose Up\nCREATE TABLE c (id int);\n")
    assert here.greylag("up", "one@local").code == 0
    (folder / "00002_b.sql").write_text("-- +goose Up\nCREATE TABLE b (id int);\n")
    answer = here.greylag("up", "one@local")
    assert answer.code == 0 and "OK    00002_b.sql" in answer.out
