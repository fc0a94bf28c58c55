"""Folders of migrations the bench applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KIBI = 1024
MEBI = 1024 * 1024


# What folders of migrations are made of: new tables, changes of older ones, views, data. Three statements each.
_KINDS = (
    (
        "CREATE TABLE thing_{n} (id bigint PRIMARY KEY, name text NOT NULL, made timestamptz);",
        "CREATE INDEX thing_{n}_name ON thing_{n} (name);",
        "INSERT INTO thing_{n} (id, name) VALUES (1, 'first'), (2, 'second');",
    ),
    (
        "ALTER TABLE thing_{table} ADD COLUMN note text;",
        "UPDATE thing_{table} SET note = 'seen' WHERE id = 1;",
        "ALTER TABLE thing_{table} ALTER COLUMN note SET DEFAULT '';",
    ),
    (
        "ALTER TABLE thing_{table} ADD CONSTRAINT thing_{table}_named CHECK (name <> '');",
        "CREATE VIEW seen_{n} AS SELECT id, name FROM thing_{table} WHERE note = 'seen';",
        "COMMENT ON VIEW seen_{n} IS 'what has been seen';",
    ),
    (
        "INSERT INTO thing_{table} (id, name) SELECT n, 'thing ' || n FROM generate_series(3, 50) n;",
        "UPDATE thing_{table} SET made = now() WHERE made IS NULL;",
        "DELETE FROM thing_{table} WHERE id = 2;",
    ),
)


# The same for ClickHouse.
_CLICKHOUSE_KINDS = (
    (
        "CREATE TABLE thing_{n} (id UInt64, name String, made DateTime) ENGINE = MergeTree ORDER BY id;",
        "ALTER TABLE thing_{n} ADD INDEX by_name name TYPE bloom_filter GRANULARITY 1;",
        "INSERT INTO thing_{n} (id, name) VALUES (1, 'first'), (2, 'second');",
    ),
    (
        "ALTER TABLE thing_{table} ADD COLUMN note LowCardinality(String);",
        "ALTER TABLE thing_{table} ADD COLUMN size UInt32 DEFAULT 1;",
        "ALTER TABLE thing_{table} COMMENT COLUMN note 'what was seen';",
    ),
    (
        "CREATE TABLE seen_{n} (id UInt64, name String) ENGINE = MergeTree ORDER BY id;",
        "CREATE MATERIALIZED VIEW see_{n} TO seen_{n} AS SELECT id, name FROM thing_{table};",
        "INSERT INTO seen_{n} SELECT id, name FROM thing_{table};",
    ),
    (
        "ALTER TABLE thing_{table} MODIFY COMMENT 'things';",
        "ALTER TABLE thing_{table} DROP COLUMN size;",
        "CREATE VIEW short_{n} AS SELECT id FROM thing_{table};",
    ),
)


def clickhouse_files(folder: Path, count: int) -> Path:
    """``count`` migrations of three statements each, for ClickHouse."""
    return _write(folder, count, _CLICKHOUSE_KINDS)


def small_files(folder: Path, count: int) -> Path:
    """``count`` migrations of three statements each."""
    return _write(folder, count, _KINDS)


def _write(folder: Path, count: int, kinds: tuple[tuple[str, ...], ...]) -> Path:
    folder.mkdir()
    for number in range(1, count + 1):
        kind = (number - 1) % len(kinds)
        text = "\n".join(kinds[kind]).format(n=number, table=number - kind)
        (folder / f"{number:05d}_step.sql").write_text(
            f"-- +goose Up\n{text}\n\n-- +goose Down\nSELECT 'down {number}';\n"
        )
    return folder


def one_script(folder: Path, script: Path) -> Path:
    """The same statements in one file for psql, each migration in its transaction."""
    with script.open("w") as file:
        for migration in sorted(folder.iterdir()):
            text = migration.read_text().partition("-- +goose Down")[0].partition("\n")[2]
            file.write(f"BEGIN;\n{text}SELECT 'the version row';\nCOMMIT;\n")
    return script


def large_file(folder: Path, total_bytes: int, line_bytes: int, lines_per_statement: int) -> Path:
    """One migration of INSERT statements: each has so many lines of about ``line_bytes``."""
    folder.mkdir()
    row = "(1, '" + "x" * 80 + "')"
    rows_per_line = max(1, line_bytes // (len(row) + 2))
    line = ", ".join([row] * rows_per_line)
    statement = "INSERT INTO bulk VALUES " + ",\n".join([line] * lines_per_statement) + ";\n"
    with (folder / "00001_bulk.sql").open("w") as file:
        file.write("-- +goose Up\nCREATE UNLOGGED TABLE bulk (id int, name text);\n")
        for _ in range(max(1, total_bytes // len(statement))):
            file.write(statement)
        file.write("\n-- +goose Down\nDROP TABLE bulk;\n")
    return folder


_STATES = ("new", "open", "held", "done", "gone")
_COLUMNS = (
    "title text NOT NULL DEFAULT ''",
    "code varchar(40) NOT NULL",
    "amount numeric(12,2) NOT NULL DEFAULT 0",
    "active boolean NOT NULL DEFAULT true",
    "payload jsonb NOT NULL DEFAULT '{}'::jsonb",
    "labels text[] NOT NULL DEFAULT '{}'::text[]",
    "seen_on date",
    "valid_until timestamptz",
    "weight double precision",
    "network inet",
    "hash bytea",
)
"""What tables have beside their key, their state, their parents and their times."""


def schema_script(tables: int) -> str:
    """SQL that makes so many tables in groups of ten: keys, indexes, checks, enums, comments, a view a group."""
    lines = []
    for number in range(tables):
        group, place = divmod(number, 10)
        if place == 0:
            states = ", ".join(f"'{each}'" for each in _STATES[: 3 + group % 3])
            lines.append(f"CREATE TYPE state_{group:04d} AS ENUM ({states});")
        lines += _table(number, group, place)
        if place == 9:
            lines.append(
                f"CREATE VIEW open_{group:04d} AS SELECT id, created_at FROM group_{group:04d}_part_0 "
                "WHERE state = 'open';"
            )
    return "\n".join(lines) + "\n"


def _table(number: int, group: int, place: int) -> list[str]:
    name = f"group_{group:04d}_part_{place}"
    first = number * 7 % len(_COLUMNS)
    columns = (_COLUMNS + _COLUMNS)[first : first + 5 + number % 3]
    kept = " ".join(columns)
    parents = [f"group_{group:04d}_part_{each}" for each in range(max(0, place - 1 - number % 2), place)]
    shown = (
        "id bigserial PRIMARY KEY" if number % 2 else "id uuid PRIMARY KEY DEFAULT gen_random_uuid()",
        f"state state_{group:04d} NOT NULL DEFAULT 'new'",
        *columns,
        *(f"parent_{turn} {_key(number - len(parents) + turn)}" for turn in range(len(parents))),
        *(
            f"CONSTRAINT {name}_parent_{turn} FOREIGN KEY (parent_{turn}) REFERENCES {parent} (id) ON DELETE CASCADE"
            for turn, parent in enumerate(parents)
        ),
        "created_at timestamptz(3) NOT NULL DEFAULT now()",
        "updated_at timestamptz(3) NOT NULL DEFAULT now()",
    )
    lines = [
        f"CREATE TABLE {name} ({', '.join(shown)});",
        f"CREATE INDEX {name}_by_time ON {name} (state, created_at DESC);",
    ]
    if "code" in kept:
        lines.append(f"CREATE UNIQUE INDEX {name}_code_key ON {name} (code);")
    if "amount" in kept:
        lines.append(f"ALTER TABLE {name} ADD CHECK (amount >= 0);")
    if "payload" in kept:
        lines.append(f"CREATE INDEX {name}_payload_idx ON {name} USING gin (payload jsonb_path_ops);")
    if number % 4 == 0:
        lines.append(f"COMMENT ON COLUMN {name}.state IS 'where row stands, table {number}';")
    return lines


def _key(number: int) -> str:
    return "bigint" if number % 2 else "uuid NOT NULL"
