from __future__ import annotations

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint
from greylag.schema.models.columns import Context
from greylag.schema.models.generator import Generator, is_link, table_object
from greylag.schema.models.kinds import Kind
from greylag.schema.models.skeleton import skeleton
from tests.plugins.pictures import column, key, table

INT = Kind("sa.Integer()", "int", "int")
USERS = table("users", "id", "int", "metadata", comment="Who they are")


def context(made: object) -> Context:
    constraints = made.constraints  # type: ignore[attr-defined]
    primary = next((each.columns for each in constraints if each.kind == "primary key"), ())
    return Context(made, "postgres", {}, primary, tuple(each for each in constraints if each.references))  # type: ignore[arg-type]


def rendered(*contexts: Context, taken: tuple[str, ...] = ()) -> str:
    names = {Name(each.table.schema, each.table.name): each.table.name.title() for each in contexts}
    kinds = {
        (Name(each.table.schema, each.table.name), one.name): INT
        for each in contexts
        for one in each.table.columns
    }
    generator = Generator(skeleton(contexts), names, kinds, taken)
    return generator.render_models(generator.generate_models())


def test_a_class_says_what_it_is_and_hides_no_name_of_the_file() -> None:
    assert rendered(context(USERS)).splitlines() == [
        "class Users(Base):",
        '    """Who they are"""',
        "",
        '    __tablename__ = "users"',
        '    __table_args__ = {"comment": "Who they are"}',
        "",
        "    id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True, autoincrement=False)",
        '    int_: Mapped[int | None] = mapped_column("int", sa.Integer())',
        '    metadata_: Mapped[int | None] = mapped_column("metadata", sa.Integer())',
    ]
    assert "id_: Mapped[int]" in rendered(context(USERS), taken=("id",))


def test_a_table_without_key_is_a_table() -> None:
    logs = table("logs", "at", keyed=False)
    assert rendered(context(logs)) == (
        'Logs: sa.Table = sa.Table("logs", Base.metadata, sa.Column("at", sa.Integer()))'
    )
    place = Name("public", "logs")
    other = table_object("t_logs", context(logs), {(place, "at"): INT}, metadata="unmanaged")
    assert other.startswith('t_logs: sa.Table = sa.Table("logs", unmanaged,')


def test_what_a_join_table_is() -> None:
    both = (key("f", ("a",), "users"), key("g", ("b",), "users"))
    primary = Constraint("p", "primary key", ("a", "b"))
    assert is_link(context(table("l", "a", "b", keyed=False, constraints=(*both, primary))))
    assert not is_link(context(table("l", "a", "b", constraints=both)))
    assert not is_link(context(table("l", "a", "b", column("c"), keyed=False, constraints=(*both, primary))))
    assert not is_link(context(table("l", "a", "b", keyed=False, constraints=(both[0], primary))))


def test_tables_of_one_name_in_two_schemas_keep_their_own_joins() -> None:
    link = table(
        "l", "a", "b", keyed=False,
        constraints=(Constraint("p", "primary key", ("a", "b")), key("f", ("a",), "app.users"), key("g", ("b",), "tags")),
    )  # fmt: skip
    found = rendered(*map(context, (USERS, table("users", "id", schema="app"), table("tags", "id"), link)))
    first, second = found.split("class Users(Base):")[1:]
    assert "relationship" not in first and "secondary=lambda: L" in second.split("class Tags")[0]
