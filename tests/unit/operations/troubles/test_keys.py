from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.model.migration import Statement
from greylag.operations.troubles.keys import TROUBLES
from greylag.operations.troubles.trouble import Scene

if TYPE_CHECKING:
    from pathlib import Path

SAYS = 'foreign key constraint "k" cannot be implemented'


def hint(scene: Scene) -> str:
    found = [trouble.advice(scene) for trouble in TROUBLES if trouble.fits(scene)]
    return next(advice for advice in found if advice)


def mismatch(path: Path, text: str, here: str = "uuid", there: str = "text", column: str = "user_id") -> str:
    path.write_text(f"-- +goose Up\n{text}\n", "utf-8")
    detail = f'Key columns "{column}" and "id" are of incompatible types: {here} and {there}.'
    return hint(Scene("42804", SAYS, detail, path=str(path), statement=Statement(text, 2)))


@pytest.mark.parametrize(
    ("text", "line", "names"),
    [
        ("CREATE TABLE d (\n  user_id UUID REFERENCES users(id)\n);",
         "3 |   user_id TEXT REFERENCES users(id)", "d.user_id is uuid and refers to users.id, which is text"),
        ("CREATE TABLE d (\n  user_id\n    uuid NOT NULL,\n  FOREIGN KEY (user_id) REFERENCES users\n);",
         "4 |     TEXT NOT NULL,", "d.user_id is uuid and refers to users.id"),
        ("ALTER TABLE d ADD COLUMN user_id UUID REFERENCES users(id);",
         "2 | ALTER TABLE d ADD COLUMN user_id TEXT REFERENCES users(id);", "d.user_id"),
        ("CREATE TABLE d (a UUID REFERENCES x(id), user_id UUID REFERENCES users(id));",
         "2 | CREATE TABLE d (a UUID REFERENCES x(id), user_id TEXT REFERENCES users(id));", "users.id"),
    ],
)  # fmt: skip
def test_the_corrected_line(tmp_path: Path, text: str, line: str, names: str) -> None:
    told = mismatch(tmp_path / "00002_d.sql", text)
    assert f"    {line}\n" in told
    assert names in told and "Ids are kept as TEXT" in told


def test_a_newer_servers_words_are_understood(tmp_path: Path) -> None:
    detail = (
        'Key columns "a" of the referencing table and "id" of the referenced table '
        "are of incompatible types: uuid and character varying."
    )
    text = "CREATE TABLE d (a uuid REFERENCES u);"
    (tmp_path / "1_d.sql").write_text(text)
    told = hint(Scene("42804", SAYS, detail, path=str(tmp_path / "1_d.sql"), statement=Statement(text, 1)))
    assert "d.a is uuid and refers to u.id, which is character varying" in told
    assert "1 | CREATE TABLE d (a TEXT REFERENCES u);" in told


def test_other_types_are_known_as_files_write_them(tmp_path: Path) -> None:
    text = "CREATE TABLE d (user_id int REFERENCES users);"
    assert "2 | CREATE TABLE d (user_id BIGINT R" in mismatch(tmp_path / "2_d.sql", text, "integer", "bigint")


def test_a_text_column_that_refers_to_a_uuid_key(tmp_path: Path) -> None:
    told = mismatch(tmp_path / "2_d.sql", "CREATE TABLE d (user_id TEXT REFERENCES users);", "text", "uuid")
    assert "2 | CREATE TABLE d (user_id UUID REFERENCES users);" in told
    assert "it is the old column that should change, in a migration of its own" in told
    text = "CREATE TABLE d (user_id TEXT DEFAULT gen_random_uuid()::TEXT REFERENCES users);"
    assert "and its default with it" in mismatch(tmp_path / "2_d.sql", text, "text", "uuid")


def test_a_column_from_elsewhere_is_retyped_before(tmp_path: Path) -> None:
    told = mismatch(tmp_path / "2_d.sql", "ALTER TABLE d ADD FOREIGN KEY (user_id) REFERENCES users(id);")
    assert "The statement does not define user_id." in told
    assert "    ALTER TABLE d ALTER COLUMN user_id TYPE TEXT USING user_id::TEXT;\n" in told


def test_what_is_not_certain_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "2_d.sql"
    told = mismatch(path, "DO $$ BEGIN EXECUTE 'ALTER TABLE …'; END $$;")
    assert told.startswith("user_id is uuid and refers to id, which is text: both must have one type.")
    assert "becomes" not in told
    two = "CREATE TABLE d (user_id UUID REFERENCES users, FOREIGN KEY (user_id) REFERENCES people);"
    assert "refers to id, which is text" in mismatch(path, two), "two keys: no telling which"
    assert "becomes" not in mismatch(path, "CREATE TABLE d (user_id ids REFERENCES users);"), "a domain"
    assert "Give the new column the type" in mismatch(
        path, "CREATE TABLE d (user_id int REFERENCES users);", "integer", "bigint"
    )
    general = hint(Scene("42804", SAYS, "etwas anderes"))
    assert general.startswith("Two types meet")


def test_what_is_not_unique_can_be_made_so() -> None:
    says = 'there is no unique constraint matching given keys for referenced table "users"'
    text = "CREATE TABLE d (e text REFERENCES app.users (email));"
    told = hint(Scene("42830", says, statement=Statement(text, 1)))
    assert "    ALTER TABLE app.users ADD UNIQUE (email);\n" in told
    for text in ("SELECT 1", "CREATE TABLE d (a text REFERENCES users (x), b text REFERENCES users (y));"):
        assert "ADD UNIQUE" not in hint(Scene("42830", says, statement=Statement(text, 1)))
