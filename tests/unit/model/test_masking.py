from __future__ import annotations

import pytest

from greylag.model.masking import masked, masked_word


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://u:s3cret@h:5432/db?sslmode=disable", "postgres://u:xxxxx@h:5432/db?sslmode=disable"),
        ("postgres://u:s3@cr/et@h/db", "postgres://u:xxxxx@h/db"),
        ("postgres://u:s3?cret@h/db", "postgres://u:xxxxx@h/db"),
        ("postgres://u:s3 cret@h/db", "postgres://u:xxxxx@h/db"),
        (
            "x postgres://u:s3@h1/d, postgres://u:s3@h2/d y",
            "x postgres://u:xxxxx@h1/d, postgres://u:xxxxx@h2/d y",
        ),
        ('near "A=postgres://u:s3 c@h/d\\nB=c@d"', 'near "A=postgres://u:xxxxx@h/d\\nB=c@d"'),
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


def test_a_whole_word_may_hold_quotes_and_breaks_in_its_password() -> None:
    assert masked_word("postgres://u:a\"b'c\nd e@f@h/db") == "postgres://u:xxxxx@h/db"
    assert masked_word("host=h password='s3 cret' user=u") == "host=h password=xxxxx user=u"
    assert masked_word("postgres://u@h:5432/db") == "postgres://u@h:5432/db"
