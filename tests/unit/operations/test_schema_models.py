from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import UsageError
from greylag.operations import schema_models
from greylag.operations.schema_models import require_extra, write_models

if TYPE_CHECKING:
    from tests.unit.operations.conftest import CarefulGround


def test_the_teams_tables_alone_are_written(own: CarefulGround) -> None:
    own.write(1)
    own.up()
    text = write_models(own.session, "goose_db_version")
    assert '"t1"' in text and "goose" not in text and "journal" not in text and "BaseModel" not in text
    both = write_models(own.session, "goose_db_version", rows=True)
    assert "class Base(DeclarativeBase)" in both and "class T1Row(Row)" in both


def test_a_missing_extra_is_named_and_pydantic_needs_none(
    own: CarefulGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.write(1)
    own.up()
    monkeypatch.setattr(schema_models, "find_spec", lambda name: None if name == "sqlacodegen" else object())
    with pytest.raises(UsageError, match="needs sqlacodegen") as caught:
        write_models(own.session, "goose_db_version")
    assert "pip install 'greylag[models]'" in str(caught.value.hint)
    assert "class T1Row(Row)" in write_models(own.session, "goose_db_version", orm=False, rows=True)


def test_the_extra_is_here() -> None:
    require_extra()
