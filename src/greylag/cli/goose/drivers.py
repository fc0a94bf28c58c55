"""goose's driver words; which of them have an engine here is the engines' affair."""

from __future__ import annotations

from greylag.errors import TargetError
from greylag.model.quoting import quote

_WORDS = (
    *("postgres", "pgx", "mysql", "sqlite3", "sqlite", "spanner", "mssql", "azuresql", "sqlserver"),
    *("redshift", "tidb", "clickhouse", "vertica", "ydb", "turso", "starrocks"),
)


def is_known(word: str) -> bool:
    """True for a driver word goose accepts; case matters."""
    return word in _WORDS


def check_engine(word: str) -> None:
    """Raise TargetError for a driver of goose's that has no engine in this build."""
    from greylag.operations.connect import engine_words

    if word not in engine_words():
        raise TargetError(
            f"driver {quote(word)} has no engine in this build, which knows {', '.join(engine_words())}: "
            "use the Go build of goose for this database"
        )
