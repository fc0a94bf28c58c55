"""What only the text of CREATE TABLE says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.sqlite.catalog.definitions import clauses_of
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.catalog.catalog import Catalog

U = Reference(Name("main", "u"), ("x",))


@pytest.mark.parametrize(
    ("columns", "made"),
    [
        ("a int PRIMARY KEY", Constraint("", "primary key", ("a",), definition="PRIMARY KEY")),
        (
            "a int CONSTRAINT k PRIMARY KEY DESC ON CONFLICT ROLLBACK",
            Constraint(
                "k",
                "primary key",
                ("a",),
                definition="CONSTRAINT k PRIMARY KEY DESC ON CONFLICT ROLLBACK",
            ),
        ),
        (
            "a, b, PRIMARY KEY (b DESC, a COLLATE nocase)",
            Constraint("", "primary key", ("b", "a"), definition="PRIMARY KEY(b DESC, a COLLATE nocase)"),
        ),
        ("a UNIQUE", Constraint("", "unique", ("a",), definition="UNIQUE")),
        (
            'a, "b c", CONSTRAINT [k k] UNIQUE (a, "b c") ON CONFLICT IGNORE',
            Constraint(
                "k k",
                "unique",
                ("a", "b c"),
                definition='CONSTRAINT [k k] UNIQUE(a, "b c") ON CONFLICT IGNORE',
            ),
        ),
        (
            "a decimal(10, 2) NOT NULL DEFAULT -1.5 CONSTRAINT pos CHECK (a > (0))",
            Constraint(
                "pos", "check", expression="a > (0)", definition="CONSTRAINT pos CHECK(a > (0))"
            ),
        ),
        (
            "a text DEFAULT ('CHECK (x), y') COLLATE nocase, CHECK (a <> ',')",
            Constraint("", "check", expression="a <> ','", definition="CHECK(a <> ',')"),
        ),
        (
            "a REFERENCES u (x)",
            Constraint("", "foreign key", ("a",), references=U, definition="REFERENCES u(x)"),
        ),
        (
            (
                "a, FOREIGN KEY (a) REFERENCES u (x) ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL "
                "DEFERRABLE INITIALLY DEFERRED"
            ),
            Constraint(
                "",
                "foreign key",
                ("a",),
                references=U._replace(on_delete="set null", match="full"),
                deferrable=True,
                deferred=True,
                definition="FOREIGN KEY(a) REFERENCES u(x) ON DELETE SET NULL ON UPDATE NO ACTION "
                "MATCH FULL DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
        (
            "a REFERENCES u (x) ON UPDATE CASCADE NOT DEFERRABLE INITIALLY DEFERRED",
            Constraint(
                "",
                "foreign key",
                ("a",),
                references=U._replace(on_update="cascade"),
                definition="REFERENCES u(x) ON UPDATE CASCADE NOT DEFERRABLE INITIALLY DEFERRED",
            ),
        ),
    ],
)  # fmt: skip
def test_constraints(look: Callable[[str], Catalog], columns: str, made: Constraint) -> None:
    sql = f"CREATE TABLE t ({columns})"
    assert clauses_of(sql, "main").constraints == [made]
    assert look(f"CREATE TABLE u (x PRIMARY KEY, y); {sql}").tables[0].constraints == (made,)


def test_constraints_without_commas_between_them() -> None:
    found = clauses_of(
        "CREATE TABLE t (a, b, CHECK (a) CONSTRAINT k UNIQUE (b) FOREIGN KEY (a) REFERENCES t (b))", "main"
    )
    assert [(each.name, each.kind) for each in found.constraints] == [
        ("", "check"),
        ("k", "unique"),
        ("", "foreign key"),
    ]


def test_what_a_column_says() -> None:
    found = clauses_of(
        "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a text COLLATE nocase, "
        "b int GENERATED ALWAYS AS (id * 2) STORED, c int AS (b + 1), d text DEFAULT CURRENT_TIMESTAMP)",
        "main",
    )
    assert found.autoincrement == "id"
    assert found.collations == {"a": "nocase"}
    assert found.generated == {"b": "id * 2", "c": "b + 1"}


@pytest.mark.parametrize(
    "sql",
    ["CREATE VIRTUAL TABLE t USING fts5(a, CHECK)", "CREATE TABLE t AS SELECT (1) AS a", "CREATE TABLE t()"],
)
def test_texts_without_clauses(sql: str) -> None:
    assert clauses_of(sql, "main").constraints == []
