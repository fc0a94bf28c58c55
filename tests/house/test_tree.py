"""What no file of the project may hold, and what every module must."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_BYTES = 1 << 20

FORBIDDEN = {
    # only where no longer path goes before it; /home/NAME and plain /root stay free for made-up workspaces
    "a path of somebody's machine": re.compile(
        r"""(?:^|[\s"'`(=:])/(?:root/(?:[.]|go/)|Users/|work/)[\w-]"""
    ),
    "the host of a package registry": re.compile(
        r"\b(?:pypi[.]org|files[.]pythonhosted|registry[.]npmjs|proxy[.]golang)"
    ),
}
ALLOWED: dict[str, set[str]] = {}
"""Which rule a file may break, by its path."""


def tracked() -> list[Path]:
    """The files of the repository; all below it where git does not know this tree (an unpacked archive)."""
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if answer.returncode == 0 and answer.stdout:
        files = [ROOT / name for name in answer.stdout.split("\0") if name]
        return [path for path in files if path.is_file() and not path.is_symlink()]
    folders = ("src", "tests", "docs", "examples", "bench", "tools", "requirements", ".ci")
    return [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]


FILES = tracked()
MODULES = sorted((ROOT / "src").rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 300
    assert len(MODULES) > 100


def test_no_file_is_large() -> None:
    assert [name_of(path) for path in FILES if path.stat().st_size > MOST_BYTES] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in FILES
        if what not in ALLOWED.get(name_of(path), ())
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


def test_the_rules_find_what_they_are_for() -> None:
    path, host = FORBIDDEN.values()
    assert [bool(path.search(f"{before}/{'root'}/go/pkg")) for before in ("", "x = '", "in ", "docs")] == [
        True,
        True,
        True,
        False,
    ]
    assert host.search("see https://pypi{}org/simple".format("."))


def test_nothing_is_left_to_do_in_the_source() -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    assert [name_of(path) for path in MODULES if words.search(path.read_text("utf-8"))] == []


def test_every_module_says_what_it_is_for() -> None:
    first = {
        name_of(path): (ast.get_docstring(ast.parse(path.read_bytes())) or "").partition("\n")[0]
        for path in MODULES
    }
    assert [name for name, line in first.items() if not line] == []
