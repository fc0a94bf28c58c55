"""What stands above the classes: imports that are needed and no others, and the few types of our own."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOMENT_JSON = '''\
def moment_json(moment: dt.datetime) -> str:
    """A moment as it stands in JSON: ``2025-01-23T14:30:00.000Z``."""
    shown = moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return shown.replace("+00:00", "Z")'''

ENUM_VALUES = '''\
def enum_values(kind: type[StrEnum]) -> list[str]:
    """What the database calls the members of an enum."""
    return [member.value for member in kind]'''

BASE = '''\
class Base(DeclarativeBase):
    """What all classes of this schema stand on."""'''

_MOMENTS = '''\
class UtcDateTime(TypeDecorator[dt.datetime]):
    """Moments as aware datetimes in UTC, on the way in and on the way out; a naive one is refused."""

    impl = sa.DateTime
    cache_ok = True

{init}

    def process_bind_param(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{{value!r}} has no time zone: datetime.now(UTC) has one")
        moment = value.astimezone(dt.UTC)
        return {bound}

    def process_result_value(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=dt.UTC)
        return value.astimezone(dt.UTC)'''

_POSTGRES_INIT = """\
    def __init__(self, precision: int | None = None, zone: bool = True) -> None:
        super().__init__(timezone=zone)
        self.precision = precision
        self.zone = zone

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return pg.TIMESTAMP(self.zone, self.precision)"""

_SQLITE_INIT = """\
    def __init__(self, word: str = "DATETIME") -> None:
        super().__init__()
        self.word = word

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return sa.TIMESTAMP() if self.word == "TIMESTAMP" else sa.DateTime()"""

UTC_DATETIME = {
    "postgres": _MOMENTS.format(
        init=_POSTGRES_INIT, bound="moment if self.zone else moment.replace(tzinfo=None)"
    ),
    "sqlite": _MOMENTS.format(init=_SQLITE_INIT, bound="moment.replace(tzinfo=None)"),
}
"""The type of moments, by engine."""

AS_TEXT = '''\
class AsText(TypeDecorator[str]):
    """A type whose values drivers give in classes of their own, as text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return self.kind

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)'''

SQL_TYPE = '''\
class SqlType(UserDefinedType[Any]):
    """A type SQLAlchemy has no class for, by its name in SQL; values are what the driver gives."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name'''

ROW = '''\
class Row(BaseModel):
    """Values of one row, from a dict, from JSON or from an object with attributes."""

    model_config = ConfigDict(
        from_attributes=True,
        validate_by_name=True,
        serialize_by_alias=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )'''

_AS_UTC = '''\
def as_utc(moment: dt.datetime) -> dt.datetime:
    """The same moment in UTC{note}."""
{naive}    return moment.astimezone(dt.UTC)


Moment = Annotated[
    {type},
    AfterValidator(as_utc),
    PlainSerializer(moment_json, return_type=str, when_used="json"),
    WithJsonSchema({{"type": "string", "format": "date-time"}}),
]
"""An aware datetime in UTC, in JSON with milliseconds and ``Z``."""'''

MOMENT = _AS_UTC.format(note="", naive="", type="AwareDatetime")
CLICKHOUSE_MOMENT = _AS_UTC.format(
    note="; one without a zone, as ClickHouse's drivers give it, is taken for UTC",
    naive="    if moment.utcoffset() is None:\n        return moment.replace(tzinfo=dt.UTC)\n",
    type="dt.datetime",
)

SHOWN = '''\
Shown = Annotated[Any, PlainSerializer(str, return_type=str, when_used="json-unless-none")]
"""A value of a type Pydantic does not know: what the driver gives, in JSON as text."""'''

_ORIGINS: dict[str, tuple[str, str]] = {
    **{name: ("decimal", name) for name in ("Decimal",)},
    **{name: ("enum", name) for name in ("StrEnum",)},
    **{name: ("ipaddress", name) for name in ("IPv4Address", "IPv6Address")},
    **{name: ("typing", name) for name in ("Annotated", "Any")},
    **{name: ("uuid", name) for name in ("UUID",)},
    **{
        name: ("pydantic", name)
        for name in (
            *("AfterValidator", "AliasChoices", "AwareDatetime", "BaseModel", "ConfigDict", "Field"),
            *("PlainSerializer", "WithJsonSchema"),
        )
    },
    **{
        name: ("sqlalchemy.orm", name)
        for name in ("DeclarativeBase", "Mapped", "mapped_column", "relationship")
    },
    **{name: ("sqlalchemy.types", name) for name in ("TypeDecorator", "TypeEngine", "UserDefinedType")},
}
_MODULES = {"dt": "import datetime as dt", "sa": "import sqlalchemy as sa"}
_STANDARD = ("decimal", "enum", "ipaddress", "typing", "uuid")


def names_used(text: str) -> set[str]:
    """The names that a text of Python reads."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def imports(used: Iterable[str]) -> str:
    """The import lines for these names, in the order that isort gives them."""
    names = set(used)
    by_module: dict[str, list[str]] = {}
    for name in sorted(names & set(_ORIGINS), key=_isorted):
        module, word = _ORIGINS[name]
        by_module.setdefault(module, []).append(word)
    standard = [_MODULES["dt"]] if "dt" in names else []
    standard += _lines(by_module, [each for each in _STANDARD if each in by_module])
    third = _lines(by_module, ["pydantic"] if "pydantic" in by_module else [])
    if "sa" in names:
        third.insert(0, _MODULES["sa"])
    later = _lines(by_module, [each for each in ("sqlalchemy.orm", "sqlalchemy.types") if each in by_module])
    if "pg" in names:
        third.append("from sqlalchemy.dialects import postgresql as pg")
    groups = [["from __future__ import annotations"], standard, third + later]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _lines(by_module: Mapping[str, list[str]], modules: Iterable[str]) -> list[str]:
    lines = []
    for module in modules:
        line = f"from {module} import {', '.join(by_module[module])}"
        if len(line) > 100:
            line = f"from {module} import (\n    " + ",\n    ".join(by_module[module]) + ",\n)"
        lines.append(line)
    return lines


def _isorted(name: str) -> tuple[int, str]:
    return (2 if name.islower() else 0 if name.isupper() else 1, name)
