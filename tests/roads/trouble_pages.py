"""The pages of docs/troubles as cases: what a page shows is run, and what it prints is what the page shows.

``python -m tests.roads.trouble_pages [NAME…]`` writes what is printed now into the pages; then read the diff.
"""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from tests.roads.trouble_scenes import SCENES, plain, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "docs" / "troubles"
FILE = re.compile(r"^```sql\n-- (migrations/\S+\.sql)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n\$ (greylag [^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARYING = (
    (re.compile(r"\b(no_)?test_\d+_\d+\b"), "shop"),
    (re.compile(r"(127\.0\.0\.1|localhost):\d+"), r"\1:5432"),
    (re.compile(r"\b(process|PID) \d+", re.IGNORECASE), r"\1 4711"),
    (re.compile(r"\bpg_terminate_backend\(\d+"), "pg_terminate_backend(4711"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "2026-03-01 09:00:00 UTC"),
    (re.compile(r"\b(relation|transaction|database|virtual transaction) \d[\d/]*"), r"\1 16385"),
)


class Page(NamedTuple):
    """A page with what it shows."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ").removeprefix(f"{self.name}: ")

    @property
    def place(self) -> tuple[int, int]:
        """Where in the text its transcript stands."""
        found = CONSOLE.search(self.text)
        assert found, f"{self.name} shows no command"
        return found.span(2)

    @property
    def shown(self) -> str:
        start, end = self.place
        return self.text[start:end]

    def run(self, url: str, folder: Path) -> str:
        """What its command prints on stderr in the scene of its name, from the error on, with varying facts made fixed."""
        for path, text in FILE.findall(self.text):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(f"-- {path}\n{text}", "utf-8")
        (folder / "migrations").mkdir(exist_ok=True)
        found = CONSOLE.search(self.text)
        assert found, f"{self.name} shows no command"
        with SCENES.get(self.name, plain)(url) as reached:
            said = typed(found[1], reached, folder)
        said = said[max(said.find("error: "), 0) :]  # notes on waiting come before it, or do not
        for pattern, word in VARYING:
            said = pattern.sub(word, said)
        return said


def pages() -> list[Page]:
    return [
        Page(path.stem, path.read_text("utf-8"))
        for path in sorted(FOLDER.glob("*.md"))
        if path.stem != "README"
    ]


def index() -> str:
    """The page that lists all others."""
    rows = "".join(f"| [`{page.name}`]({page.name}.md) | {page.title} |\n" for page in pages())
    return (
        "# When it goes wrong\n\n"
        "What a message of greylag or PostgreSQL means and how to mend it. `greylag explain CODE` prints the same\n"
        "pages; messages name theirs after `see:`. What codes beginning with G mean is also in\n"
        "[errors and exit codes](../reference/errors.md).\n\n"
        f"| page | about |\n|---|---|\n{rows}"
    )


@contextlib.contextmanager
def _database(server_url: str, name: str) -> Iterator[None]:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def main(names: list[str]) -> None:
    """Write transcripts and index."""
    from tests.plugins.postgres import new_server

    server = new_server()
    try:
        for page in pages():
            if (names and page.name not in names) or not CONSOLE.search(page.text):
                continue
            with _database(server.url(), "test_1_1"), tempfile.TemporaryDirectory() as folder:
                try:
                    said = page.run(server.url("test_1_1"), Path(folder))
                except pytest.skip.Exception as reason:
                    print(f"{page.name} stays as it is: {reason}")
                    continue
            assert said.startswith("error: "), said
            start, end = page.place
            (FOLDER / f"{page.name}.md").write_text(page.text[:start] + said + page.text[end:], "utf-8")
        (FOLDER / "README.md").write_text(index(), "utf-8")
    finally:
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
