from __future__ import annotations

import pytest

from greylag.model.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://u:s3cret@h:5432/db?sslmode=disable", "postgres://u:xxxxx@h:5432/db?sslmode=disable"),
        ("postgres://u:s3@cr/et@h/db", "postgres://u:xxxxx@h/db"),
        ("postgres://u:s3?cret@h/db", "postgres://u:xxxxx@h/db"),
        ("postgres://:s3cret@h/db", "postgres://:xxxxx@h/db"),
        ("host=h user=u password=s3cret dbname=d", "host=h user=u password=xxxxx dbname=d"),
        (r"password = 's3 \' cret' host=h", "password = xxxxx host=h"),
        ("PASSWORD='s3cret host=h", "PASSWORD=xxxxx"),
        ("postgres://h/db?password=s3cret&x=1", "postgres://h/db?password=xxxxx&x=1"),
        ("user:s3cret@tcp(h:3306)/db?parseTime=true", "user:xxxxx@tcp(h:3306)/db?parseTime=true"),
        ("user:s3cret@/db", "user:xxxxx@/db"),
        ("libsql://db.turso.io?authToken=s3cret", "libsql://db.turso.io?authToken=xxxxx"),
        ("sslpassword=s3cret sslkey=k", "sslpassword=xxxxx sslkey=k"),
    ],
)
def test_a_password_does_not_show(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u@127.0.0.1:5432/db?sslmode=disable",
        "postgres://127.0.0.1:5432/db",
        "host=h port=5432 user=u dbname=d",
        "./foo.db",
        "file:x.db?mode=ro",
        "",
        "up",
    ],
)
def test_text_without_a_password_stays(text: str) -> None:
    assert masked(text) == text
