from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def test_what_depends_is_named(hint: Callable[..., str]) -> None:
    detail = "view v depends on table a\nconstraint k on table b depends on table a"
    told = hint("2BP01", "cannot drop table a because other objects depend on it", detail)
    assert told.startswith("Still built on it: view v, constraint k on table b.")
    assert hint("2BP01", "etwas anderes").startswith("Other objects")


def test_a_view_is_made_again(hint: Callable[..., str]) -> None:
    says = "cannot alter type of a column used by a view or rule"
    told = hint("0A000", says, 'rule _RETURN on view v depends on column "id"')
    assert "    DROP VIEW v;\n    ALTER TABLE …;\n    CREATE VIEW v AS …;\n" in told
    assert hint("0A000", says, "another rule") == hint("0A000", "no such feature") == ""
