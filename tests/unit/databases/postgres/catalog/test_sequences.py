"""Every fact of a sequence is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.catalog.objects import Sequence
from greylag.model.catalog.parts import Grant, Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.postgres.catalog.conftest import Place

BEFORE = "CREATE SEQUENCE s; CREATE TABLE t (id int, n int GENERATED ALWAYS AS IDENTITY)"
OWNED = (Name("public", "t"), "id")


@pytest.mark.parametrize(
    ("ddl", "differences"),
    [
        (
            "ALTER SEQUENCE s AS int",
            {"type": ("bigint", "integer"), "maximum": (9223372036854775807, 2147483647)},
        ),
        ("ALTER SEQUENCE s START 5", {"start": (1, 5)}),
        ("ALTER SEQUENCE s INCREMENT 10", {"increment": (1, 10)}),
        ("ALTER SEQUENCE s MINVALUE -3", {"minimum": (1, -3)}),
        ("ALTER SEQUENCE s MAXVALUE 99", {"maximum": (9223372036854775807, 99)}),
        ("ALTER SEQUENCE s CACHE 20", {"cache": (1, 20)}),
        ("ALTER SEQUENCE s CYCLE", {"cycle": (False, True)}),
        ("ALTER SEQUENCE s SET UNLOGGED", {"persistence": ("permanent", "unlogged")}),
        ("SELECT nextval('s')", {"position": (None, 1)}),
        ("SELECT setval('s', 20)", {"position": (None, 20)}),
        ("ALTER SEQUENCE s OWNER TO pg_monitor", {"owner": ("postgres", "pg_monitor")}),
        ("COMMENT ON SEQUENCE s IS 'why'", {"comment": ("", "why")}),
        (
            "GRANT USAGE ON SEQUENCE s TO pg_monitor",
            {
                "grants": (
                    None,
                    (Grant("pg_monitor", ("USAGE",)), Grant("postgres", ("SELECT", "UPDATE", "USAGE"))),
                )
            },
        ),
    ],
)
def test_each_fact_is_seen_alone(
    change: Callable[[str, str], dict[str, Any]], ddl: str, differences: dict[str, Any]
) -> None:
    assert change(BEFORE, ddl) == {f"sequences.s.{path}": values for path, values in differences.items()}


def test_whom_it_belongs_to(change: Callable[[str, str], dict[str, Any]]) -> None:
    assert change(BEFORE, "ALTER SEQUENCE s OWNED BY t.id") == {
        "sequences.s.owned_by": (None, OWNED),
        "tables.t.columns.id.sequence": (None, Name("public", "s")),
    }


def test_an_identitys_sequence_is_internal(place: Place) -> None:
    owned = (Name("public", "t"), "n")
    _, made = place.look(BEFORE).sequences
    assert made == Sequence(
        "public", "t_n_seq", "integer", maximum=2147483647, owned_by=owned, internal=True, owner="postgres"
    )


def test_the_identitys_goes_before_others_that_a_column_owns(place: Place) -> None:
    place.run(f"{BEFORE}; ALTER SEQUENCE s OWNED BY t.n")
    (table,) = place.look().tables
    assert table.columns[1].sequence == Name("public", "t_n_seq")


def test_a_position_nobody_may_see_is_none(place: Place) -> None:
    place.run(
        f"{BEFORE}; SELECT nextval('s'); DROP ROLE IF EXISTS catalog_guest; CREATE ROLE catalog_guest LOGIN"
    )
    from tests.unit.databases.postgres.catalog.conftest import Place as Looker

    guest = Looker(place.url.replace("postgres@", "catalog_guest@"))
    try:
        assert [sequence.position for sequence in guest.look().sequences] == [None, None]
        assert [sequence.position for sequence in place.look().sequences] == [1, None]
    finally:
        guest.close()
        place.run("DROP ROLE catalog_guest")
