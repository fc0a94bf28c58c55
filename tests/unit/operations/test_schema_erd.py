from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import UsageError
from greylag.operations.schema_erd import FORMS, draw

if TYPE_CHECKING:
    from tests.unit.operations.conftest import CarefulGround


def test_every_form_names_the_tables_that_are_meant(own: CarefulGround) -> None:
    own.write(1)
    own.write(2)
    own.up()
    for form in FORMS:
        text = draw(own.session, "goose_db_version", form=form)
        assert "t1" in text and "t2" in text and "goose_db_version" not in text
        text = draw(own.session, "goose_db_version", form=form, patterns=["t1"])
        assert "t1" in text and "t2" not in text
    with pytest.raises(UsageError, match="there is no table 'nothing'"):
        draw(own.session, "goose_db_version", form="dot", patterns=["nothing"])
