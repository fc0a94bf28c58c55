"""Sections of a service file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.servicefile import read_service

if TYPE_CHECKING:
    from pathlib import Path


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "services"
    path.write_text(text)
    return str(path)


def test_a_section_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "# c\n[other]\nhost=x\n\n[mine]\n  host = h \ndbname=d=e\nport=\n")
    assert read_service(path, "mine") == {"host": "h", "database": "d=e", "port": ""}


def test_the_last_section_of_a_name_counts(tmp_path: Path) -> None:
    assert read_service(write(tmp_path, "[a]\nhost=1\n[a]\nport=2\n"), "a") == {"port": "2"}


@pytest.mark.parametrize("text", ["host=h\n[a]\n", "[a]\nhost\n"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ValueError, match=f"failed to read service file: {path}"):
        read_service(path, "a")


def test_a_missing_file_and_a_missing_section(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="failed to read service file: /nope"):
        read_service("/nope", "a")
    with pytest.raises(ValueError, match="unable to find service: b"):
        read_service(write(tmp_path, "[a]\nhost=1\n"), "b")
