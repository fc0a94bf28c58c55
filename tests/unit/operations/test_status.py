"""``status`` and ``version`` as goose answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.operations.options import RunOptions
from greylag.operations.status import status, version
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground

RECORDED, UNVERSIONED = RunOptions(), RunOptions(record=False)


def states(lite: Ground, options: RunOptions = RECORDED) -> list[tuple[int, bool]]:
    return [
        (migration.version, stamp is not None and stamp.applied)
        for migration, stamp in status(lite.session, lite.folder, options)
    ]


def test_every_file_with_its_state(lite: Ground) -> None:
    lite.write(1, 2)
    list(up(lite.session, lite.folder, RunOptions(), to=1))
    assert states(lite) == [(1, True), (2, False)]


def test_a_row_without_file_is_not_listed(lite: Ground) -> None:
    lite.write(1, 2)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.remove(2)
    assert states(lite) == [(1, True)]


def test_asking_makes_the_version_table(lite: Ground) -> None:
    lite.write(1)
    status(lite.session, lite.folder, RunOptions())
    assert lite.versions() == [0]


def test_without_versioning_nothing_is_asked_or_made(lite: Ground) -> None:
    lite.write(1, 4)
    assert states(lite, UNVERSIONED) == [(1, False), (4, False)]
    assert version(lite.session, lite.folder, UNVERSIONED) == 4
    assert not lite.has_history()


def test_the_version_is_the_head_and_needs_no_folder(lite: Ground) -> None:
    lite.write(1, 2)
    list(up(lite.session, lite.folder, RunOptions()))
    assert version(lite.session, "nowhere", RunOptions()) == 2


def test_status_needs_files(lite: Ground) -> None:
    with pytest.raises(FilesError):
        status(lite.session, lite.folder, RunOptions())
