from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.unit.cli.conftest import Here


def test_init_finds_shows_writes_and_is_safe_to_run_again(here: Here) -> None:
    here.write(1)
    config = here.base / "greylag.toml"
    shown = here.greylag("init", "--check")
    assert shown.code == 1 and "+++ b/greylag.toml" in shown.out and not config.exists()
    answer = here.greylag("init")
    assert answer.code == 0 and "1 file in migrations" in answer.lines[0]
    assert answer.lines[-2:] == ["wrote greylag.toml", "next: greylag status, then greylag up"]
    text = config.read_text()
    again = here.greylag("init")
    assert again.lines[-1] == "greylag.toml says all of it already" and config.read_text() == text
    assert here.greylag("init", "--check").code == 0


def test_init_for_programs(here: Here) -> None:
    here.write(1)
    facts = here.greylag("init", "--json", "--check").json()
    assert facts["written"] == [] and len(facts["added"]) == 1
    facts = here.greylag("init", "--json").json()
    assert facts["config"] == str(here.base / "greylag.toml") and len(facts["written"]) == 1
    facts = here.greylag("init", "--json").json()
    assert (facts["added"], facts["written"]) == ([], [])


def test_dsn_prints_the_whole_connection_string(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "postgres://ann:s3cret@h/girok"
    monkeypatch.setenv("DATABASE_URL", secret)
    assert here.greylag("dsn").lines == [secret]
    here.workspace()
    assert here.greylag("dsn", "one@local").lines == [str(here.base / ".greylag/sqlite/one.db")]
    assert here.greylag("dsn").code == 2, "two are meant"
    assert here.greylag("dsn", "nobody").code == 2


def test_dsn_as_json(tmp_path, monkeypatch, capsys):
    from greylag.cli.guard import outcome
    from greylag.cli.main import greylag_command

    (tmp_path / "greylag.toml").write_text('[services.one.databases.one]\nengine = "sqlite"\n')
    (tmp_path / "services" / "one" / "migrations").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert outcome(lambda: greylag_command.main(["dsn", "one", "--json"], standalone_mode=False)) == 0
    assert json.loads(capsys.readouterr().out) == {
        "target": "one@local",
        "dsn": str(tmp_path / ".greylag" / "sqlite" / "one.db"),
    }


def test_init_shows_the_script_for_prisma_and_can_leave_it(here: Here) -> None:
    (here.base / "package.json").write_text('{\n  "dependencies": {"prisma": "6"}\n}\n')
    shown = here.greylag("init", "--check")
    assert shown.code == 1
    assert '+    "prisma": "greylag prisma"' in shown.lines
    assert "package.json" not in here.greylag("init", "--no-prisma").out
    assert here.greylag("init").out.endswith("wrote package.json\nnext: greylag status, then greylag up\n")
