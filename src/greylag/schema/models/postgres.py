"""PostgreSQL's types in Python."""

from __future__ import annotations

import re

from greylag.schema.models.kinds import Kind
from greylag.schema.models.writing import call, string, text_clause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greylag.model.catalog.objects import Domain
    from greylag.model.catalog.parts import Name, Type
    from greylag.schema.models.writing import Group

_HOME = "public"
_INTERVAL = re.compile(r"^interval(?: ([a-z ]+?))?\s?(?:\((\d)\))?$")

_PLAIN: dict[str, tuple[str, str, str]] = {
    "bool": ("sa.Boolean()", "bool", "bool"),
    "int2": ("sa.SmallInteger()", "int", "int"),
    "int4": ("sa.Integer()", "int", "int"),
    "int8": ("sa.BigInteger()", "int", "int"),
    "oid": ("pg.OID()", "int", "int"),
    "float4": ("sa.REAL()", "float", "float"),
    "float8": ("sa.Double()", "float", "float"),
    "money": ("pg.MONEY()", "str", "str"),
    "text": ("sa.Text()", "str", "str"),
    "citext": ("pg.CITEXT()", "str", "str"),
    "uuid": ("sa.Uuid()", "UUID", "UUID"),
    "bytea": ("sa.LargeBinary()", "bytes", "bytes"),
    "date": ("sa.Date()", "dt.date", "dt.date"),
    "json": ("sa.JSON()", "Any", "Any"),
    "jsonb": ("pg.JSONB()", "Any", "Any"),
    "inet": ("AsText(pg.INET())", "str", "str"),
    "cidr": ("AsText(pg.CIDR())", "str", "str"),
    "macaddr": ("pg.MACADDR()", "str", "str"),
    "macaddr8": ("pg.MACADDR8()", "str", "str"),
    "tsvector": ("pg.TSVECTOR()", "str", "str"),
    "tsquery": ("pg.TSQUERY()", "str", "str"),
    "regclass": ("pg.REGCLASS()", "str", "str"),
    "regconfig": ("pg.REGCONFIG()", "str", "str"),
    "hstore": ("pg.HSTORE()", "dict[str, str | None]", "dict[str, str | None]"),
    "xml": ('SqlType("xml")', "str", "str"),
    "name": ('SqlType("name")', "str", "str"),
    "char": ("SqlType('\"char\"')", "str", "str"),
    "int4range": ("pg.INT4RANGE()", "pg.Range[int]", "Shown"),
    "int8range": ("pg.INT8RANGE()", "pg.Range[int]", "Shown"),
    "numrange": ("pg.NUMRANGE()", "pg.Range[Decimal]", "Shown"),
    "daterange": ("pg.DATERANGE()", "pg.Range[dt.date]", "Shown"),
    "tsrange": ("pg.TSRANGE()", "pg.Range[dt.datetime]", "Shown"),
    "tstzrange": ("pg.TSTZRANGE()", "pg.Range[dt.datetime]", "Shown"),
    "int4multirange": ("pg.INT4MULTIRANGE()", "list[pg.Range[int]]", "Shown"),
    "int8multirange": ("pg.INT8MULTIRANGE()", "list[pg.Range[int]]", "Shown"),
    "nummultirange": ("pg.NUMMULTIRANGE()", "list[pg.Range[Decimal]]", "Shown"),
    "datemultirange": ("pg.DATEMULTIRANGE()", "list[pg.Range[dt.date]]", "Shown"),
    "tsmultirange": ("pg.TSMULTIRANGE()", "list[pg.Range[dt.datetime]]", "Shown"),
    "tstzmultirange": ("pg.TSTZMULTIRANGE()", "list[pg.Range[dt.datetime]]", "Shown"),
}
"""Types without numbers behind them: SQLAlchemy's, in its classes, in Pydantic's."""

_DOMAIN_BASES = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "citext"}
)
"""Types whose values go to the driver as they are, so that a domain over them needs nothing of the type."""


class Postgres:
    """Looks types up for one Catalog: ``enums`` are class names, ``domains`` the domains, by their names."""

    def __init__(self, enums: Mapping[Name, str], domains: Mapping[Name, Domain]) -> None:
        self._enums = enums
        self._domains = domains

    def kind(self, type_: Type, *, nullable: bool = True, collation: str = "") -> Kind:
        """What a column of the type is. With ``nullable``, None in a column of JSON is NULL, not ``null``."""
        if type_.array:
            element = self._element(type_)
            many = f"list[{element.python}]"
            rows = f"list[{element.row}]"
            return Kind(call("pg.ARRAY", [element.sql]), many, rows)
        found = self._single(type_, collation)
        if nullable and type_.name in ("json", "jsonb") and type_.kind == "base":
            word = "sa.JSON" if type_.name == "json" else "pg.JSONB"
            return found._replace(sql=call(word, named={"none_as_null": "True"}))
        return found

    def _element(self, type_: Type) -> Kind:
        if type_.kind == "domain" and type_.base is not None:
            return self._base_of(type_.base)
        return self._single(type_, "")

    def _base_of(self, base: Type) -> Kind:
        return self.kind(base, nullable=False)

    def _single(self, type_: Type, collation: str) -> Kind:
        if type_.kind == "enum":
            return self._enum(type_)
        if type_.kind == "domain" and type_.base is not None:
            return self._domain(type_, type_.base)
        if type_.kind == "base":
            if type_.name in _SIZED:
                return _SIZED[type_.name](type_, collation)
            if type_.name in _PLAIN:
                sql, python, row = _PLAIN[type_.name]
                if collation and type_.name == "text":
                    return Kind(call("sa.Text", named=_collated(collation)), python, row)
                return Kind(sql, python, row)
        elif type_.kind in ("range", "multirange") and type_.name in _PLAIN and type_.schema == "pg_catalog":
            return Kind(*_PLAIN[type_.name])
        return Kind(call("SqlType", [string(type_.text.removesuffix("[]"))]), "Any", "Shown")

    def _enum(self, type_: Type) -> Kind:
        from greylag.model.catalog.parts import Name

        name = self._enums.get(Name(type_.schema, type_.name))
        if name is None:
            return Kind(call("SqlType", [string(type_.text.removesuffix("[]"))]), "Any", "Shown")
        return Kind(enum_type(name, type_.schema, type_.name), name, name)

    def _domain(self, type_: Type, base: Type) -> Kind:
        from greylag.model.catalog.parts import Name

        domain = self._domains.get(Name(type_.schema, type_.name))
        found = self._base_of(base)
        nullable = None if type_.nullable else False
        checks = [each for each in domain.constraints if each.kind == "check"] if domain else []
        plain = base.name in _DOMAIN_BASES and not base.array and base.kind == "base"
        if domain is None or not plain or len(checks) > 1:
            return found._replace(nullable=nullable)
        facts: dict[str, str | Group] = {}
        if type_.schema != _HOME:
            facts["schema"] = string(type_.schema)
        if domain.default is not None:
            facts["default"] = text_clause(domain.default)
        if not domain.nullable:
            facts["not_null"] = "True"
        for check in checks:
            # With NOT NULL SQLAlchemy gives the name to that, and the check gets the engine's.
            facts |= {"constraint_name": string(check.name)} if domain.nullable else {}
            facts["check"] = text_clause(check.expression)
        sql = call("pg.DOMAIN", [string(type_.name), found.sql], facts)
        return found._replace(sql=sql, nullable=nullable)


def enum_type(class_name: str, schema: str, name: str) -> Group:
    """``sa.Enum(…)`` of a class, under the name that the type has in the database."""
    facts: dict[str, str | Group] = {"name": string(name)}
    if schema != _HOME:
        facts["schema"] = string(schema)
    return call("sa.Enum", [class_name], facts | {"values_callable": "enum_values"})


def _collated(collation: str) -> dict[str, str | Group]:
    return {"collation": string(collation.strip('"').replace('""', '"'))} if collation else {}


def _numbered(key: str, type_: Type) -> dict[str, str | Group]:
    """The number behind a type under a name, nothing without one."""
    return {key: str(type_.modifiers[0])} if type_.modifiers else {}


def _varchar(type_: Type, collation: str) -> Kind:
    length = [str(number) for number in type_.modifiers]
    limits = _numbered("max_length", type_)
    return Kind(call("sa.String", length, _collated(collation)), "str", "str", limits)


def _bpchar(type_: Type, collation: str) -> Kind:
    if not type_.modifiers:
        return Kind('SqlType("bpchar")', "str", "str")
    length = [str(number) for number in type_.modifiers]
    return Kind(call("sa.CHAR", length, _collated(collation)), "str", "str", {"max_length": length[0]})


def _numeric(type_: Type, _: str) -> Kind:
    numbers = [str(number) for number in type_.modifiers]
    limits: dict[str, str | Group] = {}
    if len(numbers) == 2 and 0 <= type_.modifiers[1] <= type_.modifiers[0]:
        limits = {"max_digits": numbers[0], "decimal_places": numbers[1]}
    return Kind(call("sa.Numeric", numbers), "Decimal", "Decimal", limits)


def _moment(type_: Type, _: str) -> Kind:
    facts = _numbered("precision", type_)
    if type_.name == "timestamp":
        facts["zone"] = "False"
    return Kind(call("UtcDateTime", named=facts), "dt.datetime", "Moment")


def _time(type_: Type, _: str) -> Kind:
    facts: dict[str, str | Group] = {"timezone": "True"} if type_.name == "timetz" else {}
    facts |= _numbered("precision", type_)
    return Kind(call("pg.TIME", named=facts) if facts else "sa.Time()", "dt.time", "dt.time")


def _interval(type_: Type, _: str) -> Kind:
    found = _INTERVAL.match(type_.text.removesuffix("[]"))
    fields, precision = found.groups() if found else (None, None)
    facts: dict[str, str | Group] = {}
    if fields:
        facts["fields"] = string(fields.upper())
    if precision:
        facts["precision"] = precision
    return Kind(call("pg.INTERVAL", named=facts), "dt.timedelta", "dt.timedelta")


def _bits(type_: Type, _: str) -> Kind:
    varying = type_.name == "varbit"
    length = [str(number) for number in type_.modifiers]
    limits = _numbered("max_length", type_)
    return Kind(call("pg.BIT", length, {"varying": "True"} if varying else {}), "str", "str", limits)


_SIZED: dict[str, Callable[[Type, str], Kind]] = {
    "varchar": _varchar,
    "bpchar": _bpchar,
    "numeric": _numeric,
    "timestamp": _moment,
    "timestamptz": _moment,
    "time": _time,
    "timetz": _time,
    "interval": _interval,
    "bit": _bits,
    "varbit": _bits,
}
"""Types with numbers behind them."""
