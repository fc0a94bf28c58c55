from __future__ import annotations

import pytest

from greylag.model.catalog.parts import Column, Grant, Name, Type
from greylag.schema.ddl.words import (
    column_grants,
    comment_on,
    grants_on,
    listed,
    literal,
    name_of,
    option_list,
)

ALL = ("DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (Name("public", "users"), "users"),
        (Name("app", "users"), "app.users"),
        (Name("We ird", "order"), '"We ird"."order"'),
        (Name("", "t"), "t"),
    ],
)
def test_names(name: Name, text: str) -> None:
    assert name_of(name) == text


def test_literals_lists_and_options() -> None:
    assert literal("it's") == "'it''s'"
    assert literal("a\\'b") == "E'a\\\\''b'"
    assert listed(("a", "B")) == 'a, "B"'
    assert option_list((("fillfactor", "70"), ("x", "y"))) == "fillfactor='70', x='y'"
    assert list(comment_on("TABLE", "t", "")) == []
    assert list(comment_on("TABLE", "t", "hi")) == ["COMMENT ON TABLE t IS 'hi';"]


@pytest.mark.parametrize(
    ("kind", "grants", "statements"),
    [
        ("TABLE", None, []),
        ("TABLE", (), ["REVOKE ALL ON TABLE x FROM me;"]),
        ("TABLE", (Grant("me", ALL), Grant("app", ("SELECT",))), ["GRANT SELECT ON TABLE x TO app;"]),
        (
            "TABLE",
            (Grant("me", ("SELECT",)),),
            ["REVOKE ALL ON TABLE x FROM me;", "GRANT SELECT ON TABLE x TO me;"],
        ),
        (
            "FUNCTION",
            (Grant("app", ("EXECUTE",), ("EXECUTE",)), Grant("me", ("EXECUTE",))),
            [
                "REVOKE ALL ON FUNCTION x FROM PUBLIC;",
                "GRANT EXECUTE ON FUNCTION x TO app WITH GRANT OPTION;",
            ],
        ),
        ("TABLE", (Grant("", ("SELECT",)), Grant("me", ALL)), ["GRANT SELECT ON TABLE x TO PUBLIC;"]),
    ],
)
def test_grants_that_lead_there(kind: str, grants: tuple[Grant, ...] | None, statements: list[str]) -> None:
    assert list(grants_on(kind, "x", grants, "me")) == statements


def test_privileges_on_a_column() -> None:
    column = Column("name", Type("text", "text"), grants=(Grant("app", ("SELECT", "UPDATE")),))
    assert list(column_grants("t", column)) == ["GRANT SELECT (name), UPDATE (name) ON TABLE t TO app;"]
