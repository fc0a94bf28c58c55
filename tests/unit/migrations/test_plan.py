"""Files and history become steps: what is pending, missing, head, and how a run ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.migrations import plan
from greylag.migrations.plan import FileGoneError, MissingError, NoHeadError, NoNextError, Plan
from greylag.model.event import Nothing, Reached
from greylag.model.history import Applied
from greylag.model.migration import Migration


def files(*versions: int) -> list[Migration]:
    return [Migration(version, f"{version}_x.sql") for version in versions]


def rows(*versions: int) -> list[Applied]:
    """Newest first; a negative version is a row that says "rolled back"."""
    return [Applied(abs(version), version >= 0) for version in versions]


def steps(made: Plan) -> list[tuple[str, int]]:
    return [(direction, migration.version) for migration, direction in made.steps]


@pytest.mark.parametrize(
    ("history", "version"),
    [
        ((0,), 0),
        ((2, 1, 0), 2),
        ((-2, 2, 1, 0), 1),
        ((2, -2, 2, 0), 2),
        ((-2, -1, 2, 1, 0), 0),
        ((1, 3, 0), 1),
    ],
)
def test_the_head_is_the_newest_version_that_stands(history: tuple[int, ...], version: int) -> None:
    assert plan.head(rows(*history)) == version


@pytest.mark.parametrize("history", [(), (-1, 1)])
def test_no_head(history: tuple[int, ...]) -> None:
    with pytest.raises(NoHeadError, match="no next version found"):
        plan.head(rows(*history))


def test_up_runs_what_is_above_the_newest() -> None:
    made = plan.up(files(1, 2, 3), rows(1, 0))
    assert steps(made) == [("up", 2), ("up", 3)]
    assert (made.end, made.error) == (Reached(3), None)


def test_up_with_nothing_to_do_names_the_head() -> None:
    assert plan.up(files(1, 2), rows(2, 1, 0)) == Plan([], Nothing(2))


def test_a_version_rolled_back_in_an_old_table_is_not_pending() -> None:
    assert plan.up(files(1, 2), rows(-2, 2, 1, 0)) == Plan([], Nothing(1))


def test_a_file_below_the_newest_is_missing() -> None:
    with pytest.raises(MissingError) as caught:
        plan.up(files(1, 2, 3, 4, 5), rows(4, 2, 0))
    assert caught.value.message == (
        "error: found 2 missing migrations before current version 4:\n\tversion 1: 1_x.sql\n\tversion 3: 3_x.sql"
    )
    assert (caught.value.missing, caught.value.newest) == (files(1, 3), 4)


def test_missing_files_come_first_when_they_are_allowed() -> None:
    made = plan.up(files(1, 2, 3, 4, 5), rows(4, 2, 0), allow_missing=True)
    assert steps(made) == [("up", 1), ("up", 3), ("up", 5)]
    assert made.end == Reached(5)


def test_up_by_one_tells_no_end_and_fails_at_the_end() -> None:
    assert plan.up_by_one(files(1, 2), rows(0)) == Plan(plan.up(files(1), rows(0)).steps)
    made = plan.up_by_one(files(1), rows(1, 0))
    assert (made.steps, made.end) == ([], Nothing(1))
    assert isinstance(made.error, NoNextError)


def test_down_and_redo_take_the_head() -> None:
    assert steps(plan.down(files(1, 2), rows(2, 1, 0))) == [("down", 2)]
    assert steps(plan.redo(files(1, 2), rows(1, 2, 0))) == [("down", 1), ("up", 1)]


@pytest.mark.parametrize("verb", [plan.down, plan.redo])
def test_the_heads_file_is_gone(verb: object) -> None:
    with pytest.raises(FileGoneError, match="no current version found") as caught:
        verb(files(1), rows(2, 1, 0))  # type: ignore[operator]
    assert caught.value.version == 2
    assert "version 2 is applied" in str(caught.value.hint)


def test_reset_takes_back_what_stands_highest_first_and_leaves_rows_without_file() -> None:
    assert steps(plan.reset(files(1, 2, 3), rows(9, -2, 3, 2, 1, 0))) == [("down", 3), ("down", 1)]


def test_down_to_stops_at_the_version() -> None:
    made = plan.down_to(files(1, 2, 3), rows(3, 2, 1, 0), 1)
    assert (steps(made), made.end) == ([("down", 3), ("down", 2)], Nothing(1))
    assert plan.down_to(files(1, 2), rows(2, 1, 0), 5) == Plan([], Nothing(2))


def test_down_to_follows_the_order_of_application() -> None:
    made = plan.down_to(files(1, 2, 3), rows(1, 3, 2, 0), 1)
    assert (steps(made), made.end) == ([], Nothing(1))


def test_down_to_runs_until_a_file_is_gone_or_the_table_ends() -> None:
    made = plan.down_to(files(1, 3), rows(3, 2, 1, 0), 0)
    assert steps(made) == [("down", 3)]
    assert isinstance(made.error, FileGoneError)
    made = plan.down_to(files(1), rows(1), 0)
    assert steps(made) == [("down", 1)]
    assert isinstance(made.error, NoHeadError)


def test_without_versioning_the_folder_decides() -> None:
    some = files(1, 2, 3)
    assert (steps(plan.unversioned_up(some)), plan.unversioned_up(some).end) == (
        [("up", 1), ("up", 2), ("up", 3)],
        Reached(3),
    )
    assert steps(plan.unversioned_up(some, one=True)) == [("up", 1)]
    assert steps(plan.unversioned_down(some, 1)) == [("down", 3), ("down", 2)]
    assert plan.unversioned_down(some, 1).end == Reached(1)
    assert plan.unversioned_down(some, 0).end == Reached(0)
    assert steps(plan.unversioned_redo(some)) == [("down", 3), ("up", 3)]


VERSIONS = st.sets(st.integers(1, 30), min_size=1)


@given(VERSIONS, st.sets(st.integers(1, 30)), st.booleans())
def test_up_leaves_nothing_behind(folder: set[int], applied: set[int], allow: bool) -> None:
    migrations, history = files(*sorted(folder)), rows(*sorted(applied, reverse=True), 0)
    try:
        made = plan.up(migrations, history, allow_missing=allow)
    except MissingError as error:
        assert not allow
        assert {migration.version for migration in error.missing} == {
            version for version in folder - applied if version < max(applied)
        }
        return
    assert {version for _, version in steps(made)} == folder - applied
    after = [*rows(*(version for _, version in reversed(steps(made)))), *history]
    assert plan.up(migrations, after, allow_missing=True).steps == []


@given(VERSIONS)
def test_reset_takes_back_what_up_did(folder: set[int]) -> None:
    migrations = files(*sorted(folder))
    done = [version for _, version in steps(plan.up(migrations, rows(0)))]
    assert [version for _, version in steps(plan.reset(migrations, rows(*reversed(done), 0)))] == done[::-1]
