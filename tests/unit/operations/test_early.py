"""What is started ahead: embedded ClickHouse, for several targets, and never more than two."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.embedded import early
from greylag.environments.resolution import Resolution
from greylag.environments.targets import select
from greylag.environments.workspace import parse
from greylag.operations.early import start_ahead

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[environments.dev]\n[services.shop.databases.shop]\nengine = "sqlite"\n' + "".join(
    f'[services.{name}.databases.{name}]\nengine = "clickhouse"\n' for name in ("audit", "clicks", "views")
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(early, "start_early", seen.append)
    return seen


def resolved(root: Path, *words: str) -> Resolution:
    workspace = parse(CONFIG, str(root / "greylag.toml"), "greylag.toml")
    resolution = Resolution(list(select(workspace, words)), workspace, str(root), "", [])
    for target in resolution.targets:
        os.makedirs(target.folder, exist_ok=True)
    return resolution


def dsn(root: Path, name: str) -> str:
    return f"chdb://{root}/.greylag/clickhouse/{name}?database={name}"


def test_the_first_two_are(tmp_path: Path, started: list[str]) -> None:
    start_ahead(resolved(tmp_path, "*@local"), {})
    assert started == [dsn(tmp_path, "audit"), dsn(tmp_path, "clicks")]


@pytest.mark.parametrize("words", [("audit",), ("shop", "shop"), ("*@dev",)])
def test_for_one_target_or_elsewhere_nothing_is(
    words: tuple[str, ...], tmp_path: Path, started: list[str]
) -> None:
    start_ahead(resolved(tmp_path, *words), {})
    assert started == []


def test_without_a_folder_of_migrations_nothing_is(tmp_path: Path, started: list[str]) -> None:
    resolution = resolved(tmp_path, "audit", "clicks")
    os.rmdir(resolution.targets[0].folder)
    start_ahead(resolution, {})
    assert started == [dsn(tmp_path, "clicks")]
