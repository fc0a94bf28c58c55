"""PostgreSQL's types behind ``@db.``: which there are, for which of Prisma's, and with which numbers."""

from __future__ import annotations

from greylag.schema.prisma.document import Number
from greylag.schema.prisma.rules.scope import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Attribute, Field
    from greylag.schema.prisma.rules.scope import Scope

# Name to Prisma's type and how many numbers it may take.
NATIVES: dict[str, tuple[str, int]] = {
    "SmallInt": ("Int", 0),
    "Integer": ("Int", 0),
    "BigInt": ("BigInt", 0),
    "Decimal": ("Decimal", 2),
    "Money": ("Decimal", 0),
    "Inet": ("String", 0),
    "Oid": ("Int", 0),
    "Citext": ("String", 0),
    "Real": ("Float", 0),
    "DoublePrecision": ("Float", 0),
    "VarChar": ("String", 1),
    "Char": ("String", 1),
    "Text": ("String", 0),
    "ByteA": ("Bytes", 0),
    "Timestamp": ("DateTime", 1),
    "Timestamptz": ("DateTime", 1),
    "Date": ("DateTime", 0),
    "Time": ("DateTime", 1),
    "Timetz": ("DateTime", 1),
    "Boolean": ("Boolean", 0),
    "Bit": ("String", 1),
    "VarBit": ("String", 1),
    "Uuid": ("String", 0),
    "Xml": ("String", 0),
    "Json": ("Json", 0),
    "JsonB": ("Json", 0),
}
_SECONDS = frozenset({"Timestamp", "Timestamptz", "Time", "Timetz"})
_BITS = frozenset({"Bit", "VarBit"})
_PRECISION = "Precision must be positive with a maximum value of 1000."


def native_of(field: Field) -> Attribute | None:
    """The attribute that names a field's native type."""
    return next((attribute for attribute in field.attributes if "." in attribute.name), None)


def check_native(scope: Scope, field: Field) -> None:
    """Tell of a native type that there is not, or that does not fit the field."""
    attribute = native_of(field)
    if attribute is None:
        return
    prefix, _, name = attribute.name.partition(".")
    if prefix != scope.source_name:
        scope.tell(
            f"The prefix {prefix} is invalid. It must be equal to the name of an existing datasource "
            f"e.g. {scope.source_name}. Did you mean to use {scope.source_name}.{name}?",
            field.line,
        )
    message = _fault(field, name, attribute)
    if message:
        scope.tell(message, field.line)


def _fault(field: Field, name: str, attribute: Attribute) -> str:
    if name not in NATIVES:
        return f"Native type {name} is not supported for postgresql connector."
    kind, room = NATIVES[name]
    given = [argument.value for argument in attribute.arguments or () if any(argument)]
    if len(given) > room:
        if not room:
            return f'Function "{name}" takes 0 arguments, but received {len(given)}.'
        return f"Native type {name} takes {room} optional arguments, but received {len(given)}."
    if field.type != kind:
        return (
            f"Native type {name} is not compatible with declared field type {field.type}, "
            f"expected field type {kind}."
        )
    numbers = [int(value.text) for value in given if isinstance(value, Number) and value.text.isdigit()]
    if given and len(numbers) != room:
        wanted = "two nonnegative integers" if room == 2 else "a nonnegative integer"
        return f"Expected {wanted}, but found ({', '.join(spelled(value) for value in given)})."
    return _range_fault(name, numbers)


def _range_fault(name: str, numbers: list[int]) -> str:
    if not numbers:
        return ""
    spelling = f"{name}({','.join(map(str, numbers))})"
    out_of_range = f"Argument M is out of range for native type `{spelling}` of Postgres: "
    if name == "Decimal":
        precision, scale = numbers
        if scale > precision:
            return (
                f"The scale must not be larger than the precision for the {spelling} native type in Postgres."
            )
        return "" if 0 < precision <= 1000 else out_of_range + _PRECISION
    if name in _SECONDS and numbers[0] > 6:
        return out_of_range + "M can range from 0 to 6."
    if name in _BITS and not numbers[0]:
        return out_of_range + "M must be a positive integer."
    return ""


def check_unsupported(scope: Scope, field: Field) -> None:
    """Tell of a type called unsupported by the name of one that is supported."""
    inner = field.unsupported
    if inner is None:
        return
    name, _, rest = inner.partition("(")
    if name.strip() not in NATIVES:
        return
    name = name.strip()
    kind, room = NATIVES[name]
    numbers = rest.partition(")")[0].split(",") if rest else []
    if numbers and (len(numbers) != room or not all(number.strip().isdigit() for number in numbers)):
        return
    native = f"{name}({', '.join(number.strip() for number in numbers)})" if numbers else name
    scope.tell_field(
        f'Error validating: The type `Unsupported("{inner}")` you specified in the type definition for the '
        f"field `{field.name}` is supported as a native type by Prisma. "
        f"Please use the native type notation `{kind} @{scope.source_name}.{native}` for full support.",
        field,
    )
