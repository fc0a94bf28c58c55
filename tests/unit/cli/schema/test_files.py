from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.options import Place
from greylag.cli.schema.files import one_session, settle
from greylag.errors import TargetError
from greylag.model.edit import Edit

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_several_files_are_told_together(here: Here) -> None:
    edits = [Edit(str(here.base / name), None, "x\n") for name in ("a", "b")]
    said: list[str] = []
    assert settle(edits, check=True, say=said.append) == 1
    assert len(said) == 2 and "+x" in said[0] and not (here.base / "a").exists()
    said.clear()
    assert settle(edits, check=False, say=said.append) == 0
    assert said == ["wrote a", "wrote b"]
    said.clear()
    same = [edit._replace(before="x\n") for edit in edits]
    assert settle(same, check=False, say=said.append) == 0
    assert said == ["a, b are up to date"]
    assert settle(same, check=True, say=said.append) == 0


def test_one_database_is_wanted(here: Here) -> None:
    with one_session(Place((), None, None)) as (session, table):
        assert (session.connect().engine, table) == ("sqlite", "goose_db_version")
    here.workspace()
    with (
        pytest.raises(TargetError, match="one target is wanted"),
        one_session(Place(("*@local",), None, None)),
    ):
        pass
