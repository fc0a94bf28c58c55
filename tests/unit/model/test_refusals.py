from __future__ import annotations

from greylag.model.refusals import COPIED, own_control


def test_the_command_is_named_and_what_to_do_about_it() -> None:
    what, hint = own_control("COMMIT")
    assert "(COMMIT)" in what
    assert hint.startswith("take COMMIT out of the file") and "-- +goose NO TRANSACTION" in hint


def test_a_dump_is_shown_its_ways() -> None:
    assert "COPY … FROM stdin" in COPIED.what
    assert "pg_dump --inserts" in COPIED.hint and "greylag baseline VERSION" in COPIED.hint
