from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite

from greylag.schema.models import head

if TYPE_CHECKING:
    from collections.abc import Callable

NAIVE = dt.datetime(2025, 1, 23, 14, 30)
SEOUL = dt.timezone(dt.timedelta(hours=9))
MOMENT = NAIVE.replace(tzinfo=dt.UTC)


def page(*parts: str) -> str:
    text = "\n\n\n".join(parts)
    return f"{head.imports(head.names_used(text))}\n\n{text}"


def test_imports_are_those_that_are_needed_in_order() -> None:
    assert head.imports(
        {"dt", "sa", "pg", "UUID", "Any", "Mapped", "relationship", "BaseModel", "x"}
    ).splitlines() == [
        "from __future__ import annotations",
        "",
        "import datetime as dt",
        "from typing import Any",
        "from uuid import UUID",
        "",
        "import sqlalchemy as sa",
        "from pydantic import BaseModel",
        "from sqlalchemy.dialects import postgresql as pg",
        "from sqlalchemy.orm import Mapped, relationship",
    ]
    assert head.names_used("a: B = c(d.e)") == {"B", "a", "c", "d"}


@pytest.mark.parametrize(("engine", "dialect"), [("postgres", postgresql.dialect()), ("sqlite", sqlite())])
def test_moments_go_in_and_come_out_in_utc(engine: str, dialect: Any, imported: Callable[[str], Any]) -> None:
    kind = imported(page(head.UTC_DATETIME[engine])).UtcDateTime()
    sent = kind.process_bind_param(dt.datetime(2025, 1, 23, 23, 30, tzinfo=SEOUL), dialect)
    assert sent == (MOMENT if engine == "postgres" else NAIVE)
    for given in (NAIVE, MOMENT, MOMENT.astimezone(SEOUL)):
        found = kind.process_result_value(given, dialect)
        assert found == MOMENT and found.tzinfo is dt.UTC
    assert kind.process_bind_param(None, dialect) is None is kind.process_result_value(None, dialect)
    with pytest.raises(ValueError, match="has no time zone"):
        kind.process_bind_param(NAIVE, dialect)


def test_types_are_written_as_the_database_has_them(imported: Callable[[str], Any]) -> None:
    made = imported(page(head.UTC_DATETIME["postgres"], head.AS_TEXT, head.SQL_TYPE))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert made.UtcDateTime(precision=3).compile(dialect) == "TIMESTAMP(3) WITH TIME ZONE"
    assert made.UtcDateTime(zone=False).compile(dialect) == "TIMESTAMP WITHOUT TIME ZONE"
    assert made.AsText(postgresql.INET()).compile(dialect) == "INET"
    assert made.AsText(postgresql.INET()).process_result_value(1, dialect) == "1"
    assert made.SqlType("app.pair").compile(dialect) == "app.pair"
    lite = imported(page(head.UTC_DATETIME["sqlite"]))
    assert lite.UtcDateTime("TIMESTAMP").compile(sqlite()) == "TIMESTAMP"
    assert lite.UtcDateTime().process_bind_param(MOMENT, sqlite()) == NAIVE


def test_a_moment_in_json(imported: Callable[[str], Any]) -> None:
    made = imported(page(head.MOMENT_JSON, head.MOMENT))
    adapter: TypeAdapter[dt.datetime] = TypeAdapter(made.Moment)
    value = adapter.validate_python(dt.datetime(2025, 1, 23, 23, 30, 0, 999, tzinfo=SEOUL))
    assert value.tzinfo is dt.UTC and adapter.dump_json(value) == b'"2025-01-23T14:30:00.000Z"'
    assert adapter.dump_python(value) is value
    assert made.moment_json(MOMENT) == "2025-01-23T14:30:00.000Z"
    with pytest.raises(ValidationError, match="timezone"):
        adapter.validate_python(NAIVE)


def test_a_moment_of_clickhouse_without_a_zone_is_utc(imported: Callable[[str], Any]) -> None:
    adapter: TypeAdapter[dt.datetime] = TypeAdapter(
        imported(page(head.MOMENT_JSON, head.CLICKHOUSE_MOMENT)).Moment
    )
    assert adapter.dump_json(adapter.validate_python(NAIVE)) == b'"2025-01-23T14:30:00.000Z"'
    assert adapter.validate_python(MOMENT.astimezone(SEOUL)) == MOMENT


def test_the_rest_of_the_head(imported: Callable[[str], Any]) -> None:
    made = imported(page(head.BASE, head.ENUM_VALUES, head.ROW, head.SHOWN))
    assert isinstance(made.Base.metadata, sa.MetaData)
    assert made.enum_values(made.StrEnum("E", {"A": "x"})) == ["x"]
    assert made.Row.model_config["from_attributes"]
    assert TypeAdapter(made.Shown).dump_json(1.5) == b'"1.5"'
