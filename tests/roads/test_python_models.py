"""What the page for Python teams shows, done: the example's schema, its classes, a row in and out."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "python-models.md").read_text("utf-8")
FOLDER = ROOT / "examples" / "my-girok" / "services" / "auth-service" / "migrations"


def greylag(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "greylag", *words], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_is_true(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    greylag("goose", "-dir", str(FOLDER), "postgres", database, "up")
    package, models = ModuleType("auth"), ModuleType("auth.models")
    monkeypatch.setitem(sys.modules, "auth", package)
    monkeypatch.setitem(sys.modules, "auth.models", models)
    monkeypatch.setattr(package, "models", models, raising=False)
    exec(greylag("schema", "models", "--dsn", database, "--pydantic"), models.__dict__)
    script, fastapi = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    driven = database.replace("postgres://", "postgresql+psycopg://", 1)
    assert "postgresql+psycopg://localhost/auth" in script
    space: dict[str, Any] = {}
    exec(script.replace("postgresql+psycopg://localhost/auth", driven), space)
    space["engine"].dispose()
    (shown,) = re.findall(r"    # (\{.*\})\n", script)
    assert capsys.readouterr().out == f"{shown}\n"
    with psycopg.connect(database) as connection:
        (found,) = connection.execute("SELECT email_verified_at FROM users").fetchall()
    assert found[0] == dt.datetime(2025, 1, 23, 14, 30, tzinfo=dt.UTC)
    names = {"models": models, **vars(__import__("pydantic"))}
    exec(fastapi.split("@app")[0], names)
    assert names["PublicUser"].model_fields["password_hash"].exclude
