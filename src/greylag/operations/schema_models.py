"""``schema models``: the classes of a database for Python."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from greylag.errors import UsageError
from greylag.operations.schema_show import read_schema
from greylag.schema.models.models import models

if TYPE_CHECKING:
    from greylag.databases.base import Session

_NEEDED = ("sqlacodegen", "sqlalchemy")


def write_models(session: Session, table: str, *, orm: bool = True, rows: bool = False) -> str:
    """The file of a database: ``orm`` for SQLAlchemy, ``rows`` for Pydantic, which alone ClickHouse gets.

    Raises UsageError where SQLAlchemy's classes are wanted and the extra is not installed; DatabaseError.
    """
    catalog = read_schema(session, table)
    if catalog.engine == "clickhouse":
        return models(catalog, orm=False, rows=True)
    if orm:
        require_extra()
    return models(catalog, orm=orm, rows=rows)


def require_extra() -> None:
    """Raises UsageError where a package that the generator needs is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"schema models needs {' and '.join(missing)} to write classes for SQLAlchemy",
            hint="pip install 'greylag[models]', or write Pydantic models alone: --pydantic-only",
        )
