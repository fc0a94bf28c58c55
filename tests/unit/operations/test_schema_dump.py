from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import UsageError
from greylag.operations.schema_dump import HEAD, dump, dump_edit

if TYPE_CHECKING:
    from tests.unit.operations.conftest import CarefulGround, Ground


def test_the_schema_without_the_tools_own_tables(own: CarefulGround) -> None:
    own.write(1)
    own.up()
    text = dump(own.session, "goose_db_version")
    assert text == f"{HEAD}CREATE TABLE t1 (\n    id integer\n);\n"
    edit = dump_edit(own.session, "goose_db_version", str(own.base / "schema.sql"))
    assert (edit.before, edit.after) == (None, text)


def test_another_engine_is_refused(lite: Ground) -> None:
    with pytest.raises(UsageError, match="schema dump writes PostgreSQL, and this is sqlite"):
        dump(lite.session, "goose_db_version")
