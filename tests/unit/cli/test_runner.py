"""What guards a run before anything is connected to."""

from __future__ import annotations

import pytest

from greylag.cli.options import Place
from greylag.cli.runner import Manner, carry_out
from greylag.errors import TargetError

CONFIG = """
[environments.prod]
protected = true
[services.one.databases.one]
engine = "sqlite"
[services.two.databases.two]
engine = "sqlite"
"""


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    (tmp_path / "greylag.toml").write_text(CONFIG)
    for name in ("one", "two"):
        folder = tmp_path / "services" / name / "migrations"
        folder.mkdir(parents=True)
        (folder / "00001_a.sql").write_text(
            "-- +goose Up\nCREATE TABLE a (b);\n-- +goose Down\nDROP TABLE a;\n"
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refuse(*_):
    raise AssertionError("nothing may run")


def manner(verb: str, **flags: object) -> Manner:
    return Manner(verb, **({"timeout": None, "dry_run": False, "as_json": False} | flags))


@pytest.mark.parametrize("verb", ["down", "down-to", "redo", "reset"])
def test_going_back_everywhere_has_to_be_meant(verb):
    with pytest.raises(TargetError, match="would take back 2 databases") as caught:
        carry_out(Place((), None, None), manner(verb), refuse)
    assert "one@local, two@local" in caught.value.hint


def test_going_forward_everywhere_is_fine(workspace):
    from greylag.operations.up import up

    assert carry_out(Place((), None, None), manner("up"), up) == 0
    assert sorted(path.name for path in workspace.rglob("*.db")) == ["one.db", "two.db"]


@pytest.mark.parametrize("verb", ["down", "down-to", "redo", "reset"])
def test_protected_targets_only_go_forward(verb):
    with pytest.raises(TargetError, match=r"is protected: .* is refused there"):
        carry_out(Place(("one@prod",), None, None), manner(verb, yes=True), refuse)


def test_a_protected_target_wants_yes_where_nobody_can_be_asked(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(TargetError, match="nobody can be asked here"):
        carry_out(Place(("one@prod",), None, None), manner("up"), refuse)


def test_a_schema_that_does_not_follow_is_1_and_stops_no_other_database(workspace, monkeypatch):
    from greylag.cli import follow
    from greylag.operations.up import up

    asked = []

    def told(session, target, resolution, place, *, ran, as_json):
        asked.append((target.name, ran, as_json))
        return target.name != "one@local"

    monkeypatch.setattr(follow, "tell_schema", told)
    assert carry_out(Place((), None, None), manner("up"), up) == 1
    assert asked == [("one@local", True, False), ("two@local", True, False)]
    assert carry_out(Place(("two@local",), None, None), manner("up", as_json=True), up) == 0
    assert asked[2:] == [("two@local", False, True)]
