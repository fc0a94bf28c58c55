"""What must not be kept."""

from __future__ import annotations

import pytest

from greylag.sql.clickhouse.secrets import redacted


@pytest.mark.parametrize(
    "text",
    [
        "CREATE USER u IDENTIFIED BY 'hush'",
        "CREATE USER u IDENTIFIED WITH sha256_password BY 'hush' HOST ANY",
        "CREATE DICTIONARY d (a Int8) PRIMARY KEY a SOURCE(CLICKHOUSE(USER 'u' PASSWORD 'hush' TABLE 't'))",
        "CREATE TABLE t (a Int8) ENGINE = MySQL('h:1', 'd', 't', 'u', 'hush')",
        "INSERT INTO t SELECT * FROM postgresql('h', 'd', 't', 'u', 'hush', 'schema')",
        "INSERT INTO t SELECT * FROM s3('https://b/x', 'hush', 'hush', 'CSV')",
        "INSERT INTO t SELECT * FROM remote('h', d.t, 'u', (SELECT 1)) -- \nWHERE password = 'hush'",
        "CREATE NAMED COLLECTION c AS url = 'x', secret_access_key = 'hush'",
        "CREATE TABLE t (a Int8) ENGINE = URL('https://u:hush@h/x', 'CSV')",
    ],
)
def test_secrets_go(text: str) -> None:
    assert "hush" in text
    assert "hush" not in redacted(text)
    assert "***" in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE password (a String DEFAULT 'x') ENGINE = MergeTree ORDER BY ('y')",
        "SELECT 1 ORDER BY 'x'",
        "INSERT INTO passwords VALUES ('a', 'b')",
        "INSERT INTO t SELECT * FROM s3('https://b/x', 'CSV'",
        "SELECT 'mysql(', 'a'",
        "CREATE USER u IDENTIFIED BY ''",
    ],
)
def test_the_rest_stays(text: str) -> None:
    kept = redacted(text)
    assert kept == text or "s3(" in text  # one argument too many is no harm
