from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.cli.findings import finding_facts, finding_text
from greylag.model.finding import Finding
from greylag.model.location import Location

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_finding_for_people_and_for_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "1_a.sql").write_text("-- +goose Up\n  VACUUM;\n")
    finding = Finding("a-rule", "note", "it is so", Location("1_a.sql", 2, 3), "do this")
    assert finding_text(finding).splitlines() == [
        "note: it is so",
        "  --> 1_a.sql:2:3",
        "   2 |   VACUUM;",
        "     |   ^",
        "  next: do this",
        "  rule: a-rule",
    ]
    assert finding_facts(finding) == {
        "rule": "a-rule", "severity": "note", "message": "it is so", "hint": "do this",
        "file": "1_a.sql", "line": 2, "column": 3,
    }  # fmt: skip


def test_no_password_is_shown() -> None:
    secret = "postgres://me:hush@db.example/x"
    finding = Finding("a-rule", "error", f"CONNECTION '{secret}'", Location("gone.sql"), "do this")
    assert "hush" not in finding_text(finding) and "hush" not in str(finding_facts(finding))
