from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_written_and_checked(here: Here) -> None:
    here.write(1, "CREATE TABLE t1 (id integer PRIMARY KEY);")
    here.greylag("up")
    words = ("schema", "docs", "--title", "shop", "-o", "schema.md")
    assert here.greylag(*words).lines == ["wrote schema.md"]
    text = (here.base / "schema.md").read_text()
    assert text.startswith("# shop\n") and "Made by `00001_t.sql`." in text
    assert here.greylag(*words, "--check").code == 0
    here.write(2)
    here.greylag("up")
    answer = here.greylag(*words, "--check")
    assert answer.code == 1 and "+## t2" in answer.out


def test_printed_without_history(here: Here) -> None:
    here.write(1)
    here.greylag("up")
    answer = here.greylag("schema", "docs", "--no-history")
    assert answer.code == 0 and "## t1" in answer.out and "Made by" not in answer.out
    assert here.greylag("schema", "docs", "--check").code == 2
