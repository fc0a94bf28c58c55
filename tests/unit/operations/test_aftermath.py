"""After a failure: what is certain, read from the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, DatabaseError, LostError
from greylag.model.migration import Migration, Statement
from greylag.operations.aftermath import standing
from greylag.operations.options import RunOptions
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground

CAUSE = DatabaseError("no", driver_text="no")


def failed(cause: DatabaseError = CAUSE, *, transactional: bool = True) -> ApplyError:
    return ApplyError(
        stage="statement", migration=Migration(2, "m/2_t.sql"), direction="up", cause=cause,
        statement=Statement("x", line=7), transactional=transactional,
    )  # fmt: skip


def test_a_real_failure_leaves_the_files_before_it(lite: Ground) -> None:
    lite.write(1)
    (lite.base / "migrations" / "2_t.sql").write_text("-- +goose Up\nCREATE TABLE t2 (id int);\nnonsense;\n")
    with pytest.raises(ApplyError) as caught:
        list(up(lite.session, lite.folder, RunOptions()))
    said = standing(caught.value, lite.session)
    assert said.startswith("2_t.sql ran in one transaction, which was rolled back")
    assert said.endswith("the database is at version 1")
    assert lite.tables() == ["t1"]


def test_outside_a_transaction_the_line_is_named(lite: Ground) -> None:
    said = standing(failed(transactional=False), lite.session)
    assert "its statements before line 7 took effect and stay" in said
    assert "the database is at" not in said  # there is no version table to read


def test_a_lost_connection_claims_no_more_than_the_version_table(lite: Ground) -> None:
    assert "is not known" in standing(failed(LostError("gone", driver_text="gone")), lite.session)
    lite.write(1)
    list(up(lite.session, lite.folder, RunOptions()))
    assert "is not known" in standing(failed(LostError("gone", driver_text="gone")), lite.session)
    lite.write(2)
    list(up(lite.session, lite.folder, RunOptions()))
    said = standing(failed(LostError("gone", driver_text="gone")), lite.session)
    assert said.startswith("the connection was lost, but 2_t.sql is done")


def test_a_lost_connection_claims_what_was_asked_for(lite: Ground) -> None:
    certain = LostError("gone", driver_text="gone", hint="2_t.sql was recorded")
    assert standing(failed(certain), lite.session) == "2_t.sql was recorded"
