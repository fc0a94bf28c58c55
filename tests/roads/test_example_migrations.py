"""The example's migrations for PostgreSQL: each Down takes back its Up, with rows in the tables."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugins.postgres import PostgresServer

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-girok"
FOLDERS = {
    "girok_auth": EXAMPLE / "services/auth-service/migrations",
    "girok_personal": EXAMPLE / "services/personal-service/migrations",
    "legal": EXAMPLE / "services/legal-service/migrations",
    "identity": EXAMPLE / "services/identity-service/migrations/identity",
    "auth": EXAMPLE / "services/identity-service/migrations/auth",
}
FILES = sorted(path for folder in FOLDERS.values() for path in folder.glob("*.sql"))

# Written after the file of that version has run: what the services would have stored by then.
ROWS = {
    20251220000000: """
        INSERT INTO users (email, display_name, email_verified_at)
        SELECT 'user' || n || '@example.com', 'User ' || n, CASE WHEN n % 3 > 0 THEN NOW() END
        FROM generate_series(1, 2500) AS n;
        INSERT INTO sessions (user_id, refresh_token_hash, expires_at)
        SELECT id, md5(id), NOW() + INTERVAL '30 days' FROM users;""",
    20251221000000: """
        INSERT INTO legal_consents (user_id, document_kind, document_version)
        SELECT id, 'terms', '2025-12' FROM users;""",
    20260105093000: "INSERT INTO user_preferences (user_id, theme) SELECT id, 'dark' FROM users LIMIT 500;",
    20260105094500: "UPDATE user_preferences SET theme = 'light' WHERE user_id < '8';",
    20260112080000: """
        INSERT INTO users (email, display_name) VALUES ('new@example.com', 'New');
        UPDATE users SET status = 'suspended' WHERE email = 'user7@example.com';""",
    20251211000000: """
        INSERT INTO personal_records (user_id, full_name, phone)
        SELECT 'user-' || n, 'Person ' || n, '+8210' || n FROM generate_series(1, 1500) AS n;""",
    20251212000000: """
        UPDATE personal_records SET copy_status = 'copied', copied_at = NOW() WHERE user_id LIKE 'user-1%';""",
    20260108120000: """
        INSERT INTO postal_addresses (personal_record_id, label, lines, country, is_primary)
        SELECT id, 'home', ARRAY['1 Example Street'], 'KR', TRUE FROM personal_records LIMIT 300;""",
    20251215000000: """
        INSERT INTO document_kinds VALUES ('terms', 'Terms, added by hand', TRUE);
        INSERT INTO documents (id, kind, title) VALUES ('doc-terms', 'terms', 'Terms');
        INSERT INTO document_versions (id, document_id, version, locale, body, effective_at)
        VALUES ('v1', 'doc-terms', '1', 'ko', '-', '2025-12-01 00:00:00+00');
        INSERT INTO consents (account_id, document_version_id, agreed_at)
        SELECT 'user-' || n, 'v1', NOW() FROM generate_series(1, 2000) AS n;""",
    20251216000000: "INSERT INTO documents (kind, title) VALUES ('identity', 'Identity papers');",
    20251231000000: """
        INSERT INTO identities (id, account_id, legal_name)
        SELECT 'i' || n, 'user-' || n, 'Person ' || n FROM generate_series(1, 800) AS n;
        INSERT INTO identity_documents (identity_id, kind, issuing_country, number_hash, consent_id)
        SELECT id, 'passport', 'KR', md5(id), 'consent-' || id FROM identities;""",
    20260107150000: """
        INSERT INTO outbox_events (aggregate_type, aggregate_id, event_type, payload)
        SELECT 'identity', id, 'identity.verified', '{}' FROM identities;""",
    20260114150000: """
        INSERT INTO identity_events (identity_id, event_type, occurred_at)
        SELECT 'i' || n, 'verified', TIMESTAMPTZ '2026-01-01 00:00:00+00' + n * INTERVAL '2 hours'
        FROM generate_series(0, 1000) AS n;""",
    20260218150000: """
        INSERT INTO identity_events (identity_id, event_type, occurred_at)
        SELECT 'i' || n, 'verified', TIMESTAMPTZ '2026-04-01 00:00:00+00' + n * INTERVAL '2 hours'
        FROM generate_series(0, 1000) AS n;""",
    20251231010000: """
        INSERT INTO credentials (id, identity_id, kind, label, secret_hash)
        SELECT 'c' || n, 'i' || n, 'password', 'password', md5(n::TEXT) FROM generate_series(1, 700) AS n;
        INSERT INTO sessions (credential_id, token_hash, expires_at)
        SELECT id, md5(id), NOW() + INTERVAL '1 day' FROM credentials;""",
    20260109090000: """
        INSERT INTO login_attempts (credential_id, address, succeeded)
        SELECT id, '192.0.2.1', TRUE FROM credentials;
        DELETE FROM credentials WHERE id = 'c1';""",
}


def version_of(path: Path) -> int:
    return int(path.name.partition("_")[0])


def goose(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "greylag.cli.goose", "-env", "none", "-dir", str(folder), "postgres", url, *words],
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def run(folder: Path, url: str, *words: str) -> str:
    done = goose(folder, url, *words)
    assert done.returncode == 0, done.stderr
    return done.stderr


def execute(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql).fetchall()


def schema(postgres: PostgresServer, url: str) -> str:
    return subprocess.run(
        [str(postgres.bin / "pg_dump"), "--schema-only", "--restrict-key=none", "--exclude-table=goose_db_version*", url],
        check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip


def walk(postgres: PostgresServer, url: str, folder: Path) -> int:
    """Climb file by file with rows between the steps, then descend; return the number of files proven."""
    files = sorted(folder.glob("*.sql"))
    before = [schema(postgres, url)]
    for path in files:
        assert path.name in run(folder, url, "up-by-one")
        before.append(schema(postgres, url))
        if sql := ROWS.get(version_of(path)):
            execute(url, sql)
    assert schema(postgres, url) == before[-1]
    top = before.pop()
    for path in reversed(files):
        assert path.name in run(folder, url, "down")
        assert schema(postgres, url) == before.pop(), f"the Down of {path.name} leaves another schema"
    run(folder, url, "up")
    assert schema(postgres, url) == top
    return len(files)


def test_every_down_gives_back_the_schema_before_its_up(postgres: PostgresServer) -> None:
    urls = {name: postgres.url(f"example_{name}") for name in FOLDERS}
    for name in FOLDERS:
        execute(postgres.url(), f"CREATE DATABASE example_{name}")
    try:
        # Most of the time goes into starting programs: two databases are walked at once.
        with ThreadPoolExecutor(2) as pool:
            proven = pool.map(lambda name: walk(postgres, urls[name], FOLDERS[name]), FOLDERS)
            assert sum(proven) == len(FILES)
    finally:
        for name in FOLDERS:
            execute(postgres.url(), f"DROP DATABASE example_{name} WITH (FORCE)")


def test_backfill_derives_the_status_and_its_down_forgets_no_suspension(database: str) -> None:
    folder = FOLDERS["girok_auth"]
    statuses = "SELECT status, count(*)::INT FROM users GROUP BY status ORDER BY status NULLS FIRST"
    for version in (20251220000000, 20260112080000):
        run(folder, database, "up-to", str(version))
        execute(database, ROWS[version])
    run(folder, database, "up-by-one")
    assert ask(database, statuses) == [("active", 1666), ("pending", 834), ("suspended", 1)]
    run(folder, database, "down")
    assert ask(database, statuses) == [(None, 2500), ("suspended", 1)]


def test_down_of_the_reference_data_leaves_kinds_in_use(database: str) -> None:
    folder = FOLDERS["legal"]
    run(folder, database, "up-to", "20251216000000")
    execute(database, ROWS[20251216000000])
    run(folder, database, "redo")
    assert len(ask(database, "SELECT code FROM document_kinds")) == 4
    run(folder, database, "down")
    assert ask(database, "SELECT code FROM document_kinds") == [("identity",)]


def test_broken_file_fails_as_a_whole_and_its_repair_runs(database: str, tmp_path: Path) -> None:
    broken = EXAMPLE / "broken" / "20260301000000_link_devices.sql"
    for path in FOLDERS["girok_auth"].glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / broken.name).write_bytes(broken.read_bytes())
    failed = goose(tmp_path, database, "up")
    assert failed.returncode == 1
    assert f"ERROR {broken.name}" in failed.stderr
    assert "(SQLSTATE 42804)" in failed.stderr
    assert "version 20260126080000" in run(tmp_path, database, "version")
    assert ask(database, "SELECT to_regclass('devices')") == [(None,)]
    (tmp_path / broken.name).write_bytes(broken.with_suffix(".fixed.sql").read_bytes())
    assert f"OK   {broken.name}" in run(tmp_path, database, "up")


def section(path: Path, direction: str) -> str:
    """The text of one direction, without comments but with annotations."""
    up, _, down = path.read_text(encoding="utf-8").partition("-- +goose Down\n")
    lines = (up if direction == "up" else down).splitlines()
    return "\n".join(line for line in lines if "+goose" in line or not line.lstrip().startswith("--"))


POLICY: dict[str, Callable[[Path], bool]] = {
    "version is a UTC stamp": lambda path: bool(re.fullmatch(r"202[56]\d{10}_[a-z0-9_]+\.sql", path.name)),
    "has a Down": lambda path: ";" in section(path, "down"),
    "never cascades a DROP": lambda path: not re.search(r"DROP[^;]*CASCADE", path.read_text("utf-8")),
    "ids are TEXT": lambda path: not re.search(r"\bUUID\b", path.read_text("utf-8")),
    "times carry a zone and six digits": lambda path: (
        not re.search(r"\bTIMESTAMP\b|\bTIMESTAMPTZ(?!\(6\))", path.read_text("utf-8"))
    ),
    "bodies stand in a block": lambda path: all(
        "StatementBegin" in text for d in ("up", "down") if "$$" in (text := section(path, d))
    ),
    "CONCURRENTLY stands alone, outside a transaction": lambda path: (
        "CONCURRENTLY" not in section(path, "up")
        or (
            "NO TRANSACTION" in section(path, "up")
            and all(section(path, d).count(";") == 1 for d in ("up", "down"))
        )
    ),
}


@pytest.mark.parametrize("rule", POLICY)
def test_files_follow_the_policy(rule: str) -> None:
    assert len(FILES) == 29
    assert [path.name for path in FILES if not POLICY[rule](path)] == []


def test_readme_names_only_files_that_exist() -> None:
    named = re.findall(r"\]\(([^)]+\.sql)\)", (EXAMPLE / "README.md").read_text("utf-8"))
    assert len(named) > 20
    assert [name for name in named if not (EXAMPLE / name).is_file()] == []
