from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.schema_docs import write_docs

if TYPE_CHECKING:
    from greylag.operations.scratch import Workshop
    from tests.unit.operations.conftest import CarefulGround


def test_the_files_say_who_made_a_table_and_who_changed_it(own: CarefulGround, workshop: Workshop) -> None:
    own.write(1)
    own.write(2, "ALTER TABLE t1 ADD COLUMN more text;")
    own.up()
    text = write_docs(own.session, "goose_db_version", title="shop", folder=own.folder, workshop=workshop)
    assert "Made by `1_t.sql`, last changed by `2_t.sql`." in text
    assert "| `more` | text | yes |  |  | `2_t.sql` |" in text
    plain = write_docs(own.session, "goose_db_version", title="shop")
    assert "## t1" in plain and "Made by" not in plain
