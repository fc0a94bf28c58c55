from __future__ import annotations

import pytest

from greylag.cli.goose.drivers import check_engine, is_known
from greylag.errors import TargetError


def test_gooses_words() -> None:
    assert all(is_known(word) for word in ("postgres", "pgx", "sqlite3", "sqlite", "redshift", "clickhouse"))
    assert not any(is_known(word) for word in ("postgresql", "Postgres", "oracle", ""))


def test_a_driver_without_an_engine_is_told_in_one_line() -> None:
    for word in ("postgres", "pgx", "sqlite3", "sqlite"):
        check_engine(word)
    with pytest.raises(TargetError) as caught:
        check_engine("redshift")
    assert caught.value.message.startswith('driver "redshift" has no engine in this build')
    assert "\n" not in caught.value.message
