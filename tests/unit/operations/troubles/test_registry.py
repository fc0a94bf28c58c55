from __future__ import annotations

from greylag.errors import (
    ApplyError,
    ConnectError,
    DatabaseError,
    EditedError,
    FilesError,
    GreylagError,
    LockedError,
    PlanError,
    PoolerError,
    RefusedError,
    UnfinishedError,
)
from greylag.model.location import Location
from greylag.model.migration import Migration, Statement
from greylag.model.refusals import COPIED, own_control
from greylag.operations.careful import OutOfOrderError
from greylag.operations.troubles.registry import TROUBLES, advise, hint_for, page_for, page_of_code

CAST = 'column "a" cannot be cast automatically to type integer'


def failed(cause: DatabaseError) -> ApplyError:
    return ApplyError(
        stage="statement", migration=Migration(1, "m/1_a.sql"), direction="up", cause=cause,
        statement=Statement("ALTER TABLE t ALTER a TYPE int;", 2),
    )  # fmt: skip


def test_the_first_entry_that_is_sure_speaks() -> None:
    cause = DatabaseError(CAST, driver_text="", sqlstate="42804")
    for error in (cause, failed(cause)):
        told = hint_for(error)
        assert told is not None and "USING c::integer" in told
        assert page_for(error) == "42804"


def test_what_no_table_knows_has_neither_hint_nor_page() -> None:
    for error in (
        GreylagError("x"),
        DatabaseError("x", driver_text="", sqlstate="XX000"),
        failed(DatabaseError("x", driver_text="")),
        ConnectError("x", driver_text=""),
    ):
        assert hint_for(error) is None
        assert page_for(error) == ""


def test_a_kind_of_error_may_have_a_page_of_its_own() -> None:
    pooler = PoolerError("x", driver_text="")
    assert page_for(LockedError("x")) == "G031"
    assert page_for(EditedError("x")) == "G032"
    assert page_for(UnfinishedError("x", version=1)) == "G033"
    assert page_for(pooler) == page_for(failed(pooler)) == "G034"
    assert page_for(OutOfOrderError([Migration(1, "m/1_a.sql")], 2)) == "G013"
    assert page_for(PlanError("x")) == ""


def test_what_a_table_knows_of_an_error_goes_before_its_kind() -> None:
    place = Location("m/1_a.sql", 2)
    assert page_for(RefusedError(f"1_a.sql holds {own_control('COMMIT').what}", where=place)) == "G035"
    assert page_for(RefusedError(f"1_a.sql holds {COPIED.what}", where=place)) == "copy"


def test_an_own_hint_stays_unless_it_is_general() -> None:
    refused = "connection refused by 127.0.0.1:1"
    assert hint_for(GreylagError("x", hint="h")) == "h"
    assert hint_for(DatabaseError(CAST, driver_text="", sqlstate="42804", hint="h")) == "h"
    assert hint_for(ConnectError("x", driver_text="", hint="h")) == "h"
    told = hint_for(ConnectError(refused, driver_text="", hint="h"))
    assert told is not None and told.startswith("No server listens at 127.0.0.1:1.")


def test_where_the_connection_string_came_from_is_told() -> None:
    error = ConnectError("password authentication failed", driver_text="", sqlstate="28P01")
    error.source = "GIROK_AUTH_URL"
    assert "The connection string came from GIROK_AUTH_URL." in str(hint_for(error))


def test_a_file_at_fault_is_looked_into() -> None:
    says = 'unexpected unfinished SQL query: "SELECT 1": missing semicolon?'
    assert advise(FilesError(says)) is None, "no place, no file"
    assert advise(FilesError(says, where=Location("nowhere.sql", 2))) is None
    assert advise(FilesError("is not there", where=Location("nowhere"))) is None


def test_codes_that_share_a_page_lead_to_it() -> None:
    assert page_of_code("42723") == page_of_code("42P06") == "42710"
    assert page_of_code("42804") == "42804"
    assert page_of_code("XX000") == "XX000"


def test_every_fallback_is_a_sentence_and_no_entry_is_hidden_by_it() -> None:
    assert len({trouble.sqlstate for trouble in TROUBLES}) > 30
    general: set[str] = set()
    for trouble in TROUBLES:
        assert trouble.sqlstate not in general, f"{trouble} is never asked"
        if isinstance(trouble.hint, str) and not trouble.says:
            general.add(trouble.sqlstate)
