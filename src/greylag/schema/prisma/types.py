"""Which type a column has in schema.prisma: by its type's name, as information_schema would tell it."""

from __future__ import annotations

from greylag.schema.prisma.names import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from greylag.model.catalog.parts import Type

    Family = Literal[
        "Int", "BigInt", "Float", "Decimal", "Boolean", "String", "DateTime", "Json", "Uuid", "Bytes",
        "Enum", "Unsupported",
    ]  # fmt: skip
    FindEnum = Callable[[str, str], "tuple[str, str] | None"]
else:
    Family = str

# Family and native type. The native type is empty where Prisma takes it for granted; "*" takes the length or
# the precision behind it.
_KNOWN: dict[str, tuple[Family, str]] = {
    "int2": ("Int", "SmallInt"),
    "int4": ("Int", ""),
    "int8": ("BigInt", ""),
    "oid": ("Int", "Oid"),
    "float4": ("Float", "Real"),
    "float8": ("Float", ""),
    "bool": ("Boolean", ""),
    "text": ("String", ""),
    "citext": ("String", "Citext"),
    "varchar": ("String", "VarChar*"),
    "bpchar": ("String", "Char*"),
    "char": ("String", "Char"),
    "date": ("DateTime", "Date"),
    "bytea": ("Bytes", ""),
    "json": ("Json", "Json"),
    "jsonb": ("Json", ""),
    "uuid": ("Uuid", "Uuid"),
    "xml": ("String", "Xml"),
    "bit": ("String", "Bit*"),
    "varbit": ("String", "VarBit*"),
    "numeric": ("Decimal", "Decimal*"),
    "money": ("Decimal", "Money"),
    "time": ("DateTime", "Time*"),
    "timetz": ("DateTime", "Timetz*"),
    "timestamp": ("DateTime", "Timestamp*"),
    "timestamptz": ("DateTime", "Timestamptz*"),
    "inet": ("String", "Inet"),
}
_CLOCKS = frozenset(("time", "timetz", "timestamp", "timestamptz"))
_GRANTED = frozenset(("Timestamp(3)", "Decimal(65, 30)"))


class Shape:
    """A type in schema.prisma.

    ``prisma`` is its name there, empty for an enum, whose key (schema, name) is ``enum``. ``native`` is what
    follows ``@db.``. ``origin`` is the database's name of a type that Prisma does not know.
    """

    __slots__ = ("array", "enum", "family", "native", "origin", "prisma")

    def __init__(
        self,
        family: Family,
        *,
        array: bool,
        native: str = "",
        enum: tuple[str, str] | None = None,
        origin: str = "",
    ) -> None:
        self.family = family
        self.array = array
        self.native = native
        self.enum = enum
        self.origin = origin
        self.prisma: str = "String" if family == "Uuid" else family
        if family == "Enum":
            self.prisma = ""
        elif family == "Unsupported":
            self.prisma = f"Unsupported({quoted(origin)})"


def shape_of(column_type: Type, find_enum: FindEnum, schemas: frozenset[str]) -> Shape:
    """The shape of a column's type. ``schemas`` are those that are read: base types of others keep their _.

    information_schema shows of a domain the type directly under it, and of that the modifiers; of an array
    of domains only that it is one.
    """
    shown, modified = column_type, not column_type.array
    if column_type.kind == "domain" and not column_type.array and column_type.base is not None:
        shown, modified = column_type.base, not column_type.base.array
        if shown.kind == "domain" and not shown.array:
            return Shape("Unsupported", array=False, origin=shown.name)
    known = _KNOWN.get(shown.name) if shown.kind != "domain" else None
    if known is not None:
        family, native = known
        if native.endswith("*"):
            # of a list Prisma reads the type's text, and that of a domain over one has no modifiers
            modifiers = () if shown is not column_type and shown.array else shown.modifiers
            native = _native(shown.name, native[:-1], modifiers, scalar=modified)
        return Shape(family, array=shown.array, native=native)
    if shown.kind != "domain":
        enum = find_enum(shown.name, shown.schema)
        if enum is not None:
            return Shape("Enum", array=shown.array, enum=enum)
        if shown.kind == "base" and shown.schema in schemas:
            return Shape("Unsupported", array=shown.array, origin=shown.name)
    return Shape(
        "Unsupported", array=shown.array, origin=_cut(f"_{shown.name}") if shown.array else shown.name
    )


def _native(name: str, native: str, modifiers: tuple[int, ...], *, scalar: bool) -> str:
    if name == "numeric" and modifiers:
        precision, scale = (modifiers[0], modifiers[1]) if len(modifiers) > 1 else (modifiers[0], 0)
        if scale < 0:
            if not scalar:  # of an array Prisma reads the text, and there no minus sign
                return native
            scale &= 2047
        native = f"{native}({precision}, {scale})"
    elif modifiers:
        native = f"{native}({modifiers[0]})"
    elif scalar and name in _CLOCKS:
        native = f"{native}(6)"
    return "" if native in _GRANTED else native


def _cut(name: str) -> str:
    return name if len(name) < 16 else name.encode()[:63].decode(errors="ignore")
