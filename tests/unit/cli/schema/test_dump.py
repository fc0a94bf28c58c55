from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.schema_dump import HEAD

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here

TEXT = f"{HEAD}CREATE TABLE t1 (\n    id integer\n);\n"


def test_printed_it_is_the_script_alone(there: Here) -> None:
    there.write(1)
    there.greylag("up")
    answer = there.greylag("schema", "dump")
    assert (answer.code, answer.out) == (0, TEXT)


def test_written_checked_and_written_again(there: Here) -> None:
    there.write(1)
    there.greylag("up")
    words = ("schema", "dump", "--output", "db/schema.sql")
    assert there.greylag(*words).lines == ["wrote db/schema.sql"]
    assert (there.base / "db" / "schema.sql").read_text() == TEXT
    assert there.greylag(*words).lines == ["db/schema.sql is up to date"]
    assert there.greylag(*words, "--check").code == 0
    there.write(2)
    there.greylag("up")
    answer = there.greylag(*words, "--check")
    assert answer.code == 1
    assert "+CREATE TABLE t2 (" in answer.out
    assert (there.base / "db" / "schema.sql").read_text() == TEXT


def test_check_without_a_file_is_misuse(there: Here) -> None:
    answer = there.greylag("schema", "dump", "--check")
    assert answer.code == 2 and "add --output FILE" in answer.err
