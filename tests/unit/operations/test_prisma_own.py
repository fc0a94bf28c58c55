from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.errors import UsageError
from greylag.operations.prisma_own import OwnPrisma, find_prisma

if TYPE_CHECKING:
    from pathlib import Path

ENVIRON = {"PATH": "bin"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with Node, two packages, and Prisma 6.19.3 in one of them."""
    monkeypatch.chdir(tmp_path)
    program(tmp_path / "bin" / "node")
    (tmp_path / "pnpm-lock.yaml").touch()
    install(tmp_path / "auth", "6.19.3", '"6.19.3"')
    (tmp_path / "mail" / "prisma").mkdir(parents=True)
    return tmp_path


def program(path: Path, text: str = "#!/bin/sh\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def install(folder: Path, version: str, wanted: str) -> None:
    """Prisma as a package manager leaves it, and what package.json says of it."""
    program(folder / "node_modules" / ".bin" / "prisma")
    package = folder / "node_modules" / "prisma" / "package.json"
    package.parent.mkdir(parents=True, exist_ok=True)
    package.write_text(json.dumps({"version": version}))
    (folder / "package.json").write_text(f'{{"devDependencies": {{"prisma": {wanted}}}}}')


def test_the_one_of_the_schemas_package(project: Path) -> None:
    (project / "auth" / "prisma").mkdir()
    expected = OwnPrisma(
        f"{project}/auth/node_modules/.bin/prisma", "6.19.3", "6.19.3", f"{project}/auth/package.json"
    )
    for words in (["--schema", "auth/prisma/schema.prisma"], ["x", "--schema=auth/schema.prisma", "y"]):
        assert find_prisma(words, str(project), ENVIRON) == expected
    assert find_prisma([], str(project / "auth"), ENVIRON) == expected


def test_the_working_folders_where_the_schemas_has_none(project: Path) -> None:
    found = find_prisma(["--schema", "../mail/schema.prisma"], str(project / "auth"), ENVIRON)
    assert found.program.endswith("auth/node_modules/.bin/prisma") and found.wanted == ""


def test_no_prisma(project: Path) -> None:
    with pytest.raises(
        UsageError, match=r"it is not installed: no node_modules/\.bin/prisma upwards of"
    ) as caught:
        find_prisma(["--schema"], str(project / "mail"), ENVIRON)
    assert caught.value.hint == "pnpm install, with prisma among the devDependencies of package.json"


def test_no_node(project: Path) -> None:
    (project / "bin" / "node").chmod(0o644)
    with pytest.raises(UsageError, match="there is no Node to run it") as caught:
        find_prisma([], str(project / "auth"), ENVIRON)
    assert "greylag prisma db pull needs neither" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ("6.19.3", True), ("6.19.2", False), ("^6.1.0", True), ("^6.20.0", False), ("^5.0.0", False), ("~6.19.0", True), ("~6.18.0", False),
        ("v6.19.3", True), ("latest", True), ("catalog:", True), ("workspace:*", True), (">=6", True),
    ],
)  # fmt: skip
def test_what_package_json_asks_for(project: Path, wanted: str, fits: bool) -> None:
    install(project / "auth", "6.19.3", json.dumps(wanted))
    if fits:
        assert find_prisma([], str(project / "auth"), ENVIRON).wanted == wanted
        return
    said = f"auth/package.json asks for prisma {wanted}, and 6.19.3 is installed"
    with pytest.raises(UsageError) as caught:
        find_prisma([], str(project / "auth"), ENVIRON)
    assert caught.value.message.endswith(said) and caught.value.hint == "pnpm install"


@pytest.mark.parametrize("text", ["", "[]", '{"devDependencies": 1}', '{"dependencies": {"prisma": 6}}'])
def test_a_package_json_that_says_nothing(project: Path, text: str) -> None:
    (project / "auth" / "package.json").write_text(text)
    (project / "auth" / "node_modules" / "prisma" / "package.json").unlink()
    assert find_prisma([], str(project / "auth"), ENVIRON)[1:] == ("", "", "")


@pytest.mark.parametrize(
    ("lock", "command"), [("yarn.lock", "yarn install"), ("bun.lock", "bun install"), (None, "npm install")]
)
def test_the_command_that_installs(project: Path, lock: str | None, command: str) -> None:
    (project / "pnpm-lock.yaml").unlink()
    if lock:
        (project / lock).touch()
    with pytest.raises(UsageError) as caught:
        find_prisma([], str(project / "mail"), ENVIRON)
    assert str(caught.value.hint).startswith(command)


def test_the_program_takes_over_with_words_environment_and_exit(project: Path) -> None:
    prisma = project / "auth" / "node_modules" / ".bin" / "prisma"
    program(prisma, '#!/bin/sh\necho "$@" "$WORD"\nexit 7\n')
    code = (
        "from greylag.operations.prisma_own import OwnPrisma, become\n"
        "print('before', end=' ')\n"
        f"become(OwnPrisma({str(prisma)!r}, ''), ['generate', '--help'], {{'WORD': 'seen'}})"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout) == (7, "before generate --help seen\n")
