from __future__ import annotations

from greylag.errors import ApplyError, ConnectError, DatabaseError, GreylagError
from greylag.model.migration import Migration, Statement
from greylag.operations.troubles.registry import TROUBLES, hint_for, page_for

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


def test_every_code_has_a_last_word() -> None:
    codes = {trouble.sqlstate for trouble in TROUBLES}
    assert len(codes) > 2
    general = {trouble.sqlstate for trouble in TROUBLES if isinstance(trouble.hint, str) and not trouble.says}
    assert codes - general == {"42P10"} or codes == general
