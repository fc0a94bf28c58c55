"""Triggers, from their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.model.catalog.tables import Trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.catalog.catalog import Catalog


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("INSERT ON t", Trigger("x", "before", ("insert",))),
        ("AFTER DELETE ON t FOR EACH ROW", Trigger("x", "after", ("delete",))),
        ('BEFORE UPDATE OF a, "b c" ON t', Trigger("x", "before", ("update",), columns=("a", "b c"))),
        (
            "AFTER UPDATE ON t WHEN NEW.a > 1",
            Trigger("x", "after", ("update",), condition="NEW.a > 1"),
        ),
        ("INSTEAD OF DELETE ON v", Trigger("x", "instead of", ("delete",))),
    ],
)
def test_triggers(look: Callable[[str], Catalog], words: str, made: Trigger) -> None:
    body = "BEGIN SELECT CASE WHEN 1 THEN 2 END; END"
    catalog = look(
        f'CREATE TABLE t (a, "b c"); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER x {words} {body}'
    )
    owner = catalog.views[0] if words.endswith(" v") else catalog.tables[0]
    assert owner.triggers == (made._replace(definition=f"CREATE TRIGGER x {words} {body}"),)
