"""What the tables say to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.model.migration import Statement
from greylag.operations.troubles.registry import TROUBLES
from greylag.operations.troubles.trouble import Scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def hint(tmp_path: Path) -> Callable[..., str]:
    """The hint to an answer: code, message, detail, the file's Up and the failing statement in it."""

    def told(code: str, says: str, detail: str = "", up: str = "", failing: str = "", **facts: object) -> str:
        path = tmp_path / "00002_it.sql"
        text = f"-- +goose Up\n{up or failing}\n-- +goose Down\nSELECT 1;\n"
        path.write_text(text, "utf-8")
        statement = None
        if failing:
            statement = Statement(failing, 1 + text[: text.index(failing)].count("\n"))
        line = statement.line if statement else 0
        facts = {"path": str(path), "statement": statement, "line": line, **facts}
        scene = Scene(code, says, detail, **facts)  # type: ignore[arg-type]
        found = (trouble.advice(scene) for trouble in TROUBLES if trouble.fits(scene))
        return next((advice for advice in found if advice), "")

    return told
