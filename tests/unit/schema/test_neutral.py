from __future__ import annotations

from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Other, Routine, Sequence
from greylag.model.catalog.parts import Column, Grant, Type
from greylag.model.catalog.tables import Table
from greylag.schema.neutral import at_home, main_owner, with_one_owner, without_owners, without_privileges

TEXT = Type("text", "text")


def of(owner: str, other: str = "auditor") -> Catalog:
    column = Column("a", TEXT, grants=(Grant(owner, ("SELECT",)), Grant("app", ("SELECT",))))
    return Catalog(
        "postgres",
        tables=(
            Table("public", "t", (column,), owner=owner, grants=(Grant(owner, ("SELECT",)),)),
            Table("public", "u", owner=owner),
            Table("public", "v", owner=other),
        ),
        sequences=(Sequence("public", "s", owner=owner),),
        routines=(Routine("public", "f", "", owner=owner, grants=()),),
        others=(
            Other(
                "default privileges",
                "",
                f"{owner} app r",
                f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA',
            ),
        ),
    )


def test_the_role_that_owns_most_is_the_same_everywhere() -> None:
    assert with_one_owner(of("postgres")) == with_one_owner(of("girok_app"))
    assert with_one_owner(of("postgres")).tables[2].owner == "auditor"
    assert with_one_owner(of("postgres")) != with_one_owner(of("postgres", "somebody"))


def test_owners_and_privileges_can_be_left_out() -> None:
    assert {each.owner for each in without_owners(of("postgres")).tables} == {""}
    plain = without_privileges(of("postgres"))
    assert [each.grants for each in plain.tables] == [None, None, None]
    assert plain.tables[0].columns[0].grants is None
    assert plain.routines[0].grants is None
    assert plain.others == ()


def test_who_made_the_database_is_no_part_of_its_schema() -> None:
    one, other = (Catalog("postgres", others=(Other("database", "", "", "", owner),)) for owner in ("a", "b"))
    assert with_one_owner(one) == with_one_owner(other)


def test_the_one_database_of_a_clickhouse_catalog_goes_without_saying() -> None:
    one = Catalog("clickhouse", tables=(Table("audit_db", "events"),))
    assert at_home(one).tables[0].schema == ""
    two = one._replace(tables=(*one.tables, Table("other", "events")))
    assert at_home(two) == two
    assert at_home(of("postgres")) == of("postgres")


def test_nobody_owns_most_of_nothing() -> None:
    assert main_owner(Catalog("sqlite")) == ""
    assert with_one_owner(Catalog("sqlite")) == Catalog("sqlite")
    assert main_owner(of("postgres")) == "postgres"
