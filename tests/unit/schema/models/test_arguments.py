from __future__ import annotations

from typing import Any

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint, Index, Key, Reference, Table
from greylag.schema.models.arguments import arguments, table_options
from greylag.schema.models.columns import Context
from greylag.schema.models.writing import flat
from tests.plugins.pictures import column


def written(*constraints: Constraint, indexes: tuple[Index, ...] = (), inline: bool = True) -> list[str]:
    made = Table("public", "t", (column("a"), column("b")), constraints, indexes)
    foreign = tuple(each for each in constraints if each.references)
    context = Context(made, "postgres", {}, ("a", "b"), foreign)
    return [flat(each) for each in arguments(context, inline=inline)]


def test_a_primary_key_is_said_where_it_is_more_than_columns() -> None:
    key = Constraint("t_pkey", "primary key", ("a", "b"), index_name="t_pkey")
    assert written(key) == []
    assert written(key._replace(name="other")) == ['sa.PrimaryKeyConstraint("a", "b", name="other")']
    assert written(key._replace(columns=("b", "a"))) == ['sa.PrimaryKeyConstraint("b", "a", name="t_pkey")']
    behind = Index("t_pkey", unique=True, include=("c",), constraint="t_pkey")
    assert written(key, indexes=(behind,))[0].endswith('postgresql_include=["c"])')


def test_constraints_in_their_order() -> None:
    reference = Reference(Name("public", "u"), ("x",))
    found = written(
        Constraint("c", "check", ("a",), "(a > 0)", validated=False),
        Constraint("f", "foreign key", ("a",), references=reference),
        Constraint("g", "foreign key", ("a", "b"), references=reference._replace(columns=("x", "y"))),
        Constraint("u", "unique", ("a",), index_name="u"),
        indexes=(Index("u", nulls_distinct=False, constraint="u"), Index("i", keys=(Key("a"),))),
    )
    assert found == [
        'sa.UniqueConstraint("a", name="u", postgresql_nulls_not_distinct=True)',
        'sa.ForeignKeyConstraint(["a", "b"], ["u.x", "u.y"], name="g")',
        'sa.CheckConstraint("(a > 0)", name="c", postgresql_not_valid=True)',
        'sa.Index("i", "a")',
    ]


def test_references_to_what_is_not_written_are_left_out() -> None:
    key = Constraint("f", "foreign key", ("a",), references=Reference(Name("x", "gone"), ("x",)))
    made = Table("public", "t", (column("a"),), (key,))
    assert arguments(Context(made, "postgres", {}, (), ()), inline=False) == []
    assert written(key, inline=False) == ['sa.ForeignKeyConstraint(["a"], ["x.gone.x"], name="f")']


def options_of(engine: str = "postgres", **facts: Any) -> dict[str, str]:
    made = Table(facts.pop("schema", "public"), "t", **facts)
    return {key: flat(value) for key, value in table_options(made, engine).items()}


def test_options() -> None:
    assert options_of() == {}
    assert options_of(schema="app", comment="c", persistence="unlogged", options=(("fillfactor", "70"),)) == {
        "schema": '"app"',
        "comment": '"c"',
        "postgresql_with": '{"fillfactor": "70"}',
        "prefixes": '["UNLOGGED"]',
    }
    assert options_of(kind="partitioned", partition_key="LIST (a)", tablespace="fast") == {
        "postgresql_partition_by": '"LIST (a)"',
        "postgresql_tablespace": '"fast"',
    }


def test_options_of_sqlite() -> None:
    words = (("strict", "true"), ("without_rowid", "true"))
    numbered = column("a", options=(("autoincrement", "true"),))
    assert options_of("sqlite", schema="main", options=words, columns=(numbered,)) == {
        "sqlite_autoincrement": "True",
        "sqlite_with_rowid": "False",
        "sqlite_strict": "True",
    }
