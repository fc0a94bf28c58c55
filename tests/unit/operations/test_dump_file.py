from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from greylag.errors import ReplayError
from greylag.operations.dump_file import load
from greylag.operations.server import client_command

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.operations.scratch import Workshop

SQL = """
CREATE TABLE users (id int PRIMARY KEY, name text);
COPY users (id, name) FROM stdin;
1\tAna
\\.
GRANT SELECT ON users TO dump_reader;
"""


def test_a_plain_dump_with_rows_and_roles(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(SQL)
    (table,) = load(workshop, str(tmp_path / "a.sql")).tables
    assert table.name == "users"
    assert table.grants is not None and "dump_reader" in {each.grantee for each in table.grants}


def test_an_archive_of_pg_dump(workshop: Workshop, tmp_path: Path) -> None:
    from greylag.operations.scratch import scratch

    (tmp_path / "a.sql").write_text(SQL)
    archive = tmp_path / "a.dump"
    with scratch("postgres", workshop) as dsn:
        name = dsn.rpartition("/")[2].partition("?")[0]
        for program, words in (
            ("psql", ["-q", "-c", "CREATE TABLE kept (id int)"]),
            ("pg_dump", ["-Fc", "-f", str(archive)]),
        ):
            argv, environ = client_command(workshop.root, program, name, words)
            subprocess.run(argv, env=environ, check=True)
    assert [each.name for each in load(workshop, str(archive)).tables] == ["kept"]


def test_what_does_not_load_is_named_with_its_line(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("CREATE TABLE a (id int);\nCREATE TABLE b (id nothing);\n")
    with pytest.raises(ReplayError, match='type "nothing" does not exist') as refusal:
        load(workshop, str(tmp_path / "a.sql"))
    assert str(refusal.value.where) == f"{tmp_path}/a.sql:2"


def test_a_broken_archive_is_told(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "a.dump").write_bytes(b"PGDMP and no more")
    with pytest.raises(ReplayError, match="does not load into an empty database"):
        load(workshop, str(tmp_path / "a.dump"))
