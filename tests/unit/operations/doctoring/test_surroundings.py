"""What is judged of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.doctoring import surroundings
from greylag.operations.server import status

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.embedded import Ground
    from tests.unit.operations.doctoring.conftest import Patient


def program(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)


def test_programs_on_path(tmp_path: Path) -> None:
    environ = {"PATH": f"{tmp_path}/a::{tmp_path}/b"}
    assert [found.level for found in surroundings.programs(environ, "1.0")] == ["note", "note"]
    program(tmp_path / "b" / "greylag", b"#!/usr/bin/python\n")
    program(tmp_path / "b" / "goose", b"\x7fELF\2\1")
    first, second = surroundings.programs(environ, "1.0")
    assert first.text == f"greylag 1.0, {tmp_path}/b/greylag on PATH"
    assert "is a compiled program" in second.text and second.level == "note"
    program(tmp_path / "a" / "goose", b"#!/usr/bin/python\n")
    _, second = surroundings.programs(environ, "1.0")
    assert (second.level, second.text) == ("ok", f"goose on PATH is a script ({tmp_path}/a/goose)")


def test_what_cannot_be_run_is_no_program(tmp_path: Path) -> None:
    program(tmp_path / "a" / "goose", b"")
    (tmp_path / "a" / "goose").chmod(0o644)
    (tmp_path / "a" / "greylag").mkdir()
    found = list(surroundings.programs({"PATH": f"{tmp_path}/a"}, "1.0"))
    assert [each.level for each in found] == ["note", "note"]


def test_folders() -> None:
    assert [each.level for each in surroundings.folder("m", 2, "", "")] == ["ok"]
    assert [each.level for each in surroundings.folder("m", 0, "", "")] == ["warn"]
    (found,) = surroundings.folder("m", 0, "m is a file", "")
    assert (found.level, found.text, found.next) == ("bad", "m is a file", ())


def test_files_of_sqlite(patient: Patient) -> None:
    def look(*, there: bool, writable: bool, folder: bool) -> str:
        patient.facts["file"] = {
            "path": "x.db", "there": there, "writable": writable, "folder_writable": folder,
        }  # fmt: skip
        (found,) = surroundings.database_file(patient.subject)
        return found.level

    assert look(there=True, writable=True, folder=True) == "ok"
    assert look(there=False, writable=True, folder=True) == "note"
    assert look(there=False, writable=False, folder=False) == "bad"
    assert look(there=True, writable=False, folder=True) == "bad"
    assert look(there=True, writable=True, folder=False) == "bad"


def test_the_embedded_server_that_does_not_run(ground: Ground) -> None:
    (found,) = surroundings.embedded(status(ground.workspace))
    assert found.level == "note" and "it was not running" in found.text


def test_goose_has_no_lock(patient: Patient) -> None:
    (found,) = surroundings.goose(patient.subject)
    assert found.level == "note" and "takes no lock, keeps no journal" in found.text
