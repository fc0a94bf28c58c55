"""Defaults: that they fit their field's type."""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Array, Call, Number, Text, Word
from greylag.schema.prisma.rules.scope import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.schema.prisma.document import Field, Value
    from greylag.schema.prisma.rules.scope import Scope

_LITERALS: dict[str, tuple[type, ...]] = {
    "String": (Text,),
    "Json": (Text,),
    "Bytes": (Text,),
    "DateTime": (Text,),
    "Int": (Number,),
    "BigInt": (Number,),
    "Float": (Number,),
    "Decimal": (Number, Text),
    "Boolean": (Word,),
}
# A function, the types it stands for, and whether it takes a number.
_FUNCTIONS: dict[str, tuple[tuple[str, ...], bool]] = {
    "autoincrement": (("Int", "BigInt"), False),
    "now": (("DateTime",), False),
    "ulid": (("String",), False),
    "cuid": (("String",), True),
    "uuid": (("String",), True),
    "nanoid": (("String",), True),
}
_NUMBERS: dict[str, tuple[Callable[[int], bool], str]] = {
    "cuid": (lambda number: number in {1, 2}, "which is either 1 or 2"),
    "uuid": (lambda number: number in {4, 7}, "which is either 4 or 7"),
    "nanoid": (lambda number: 2 <= number <= 255, "between 2 and 255"),
}
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_NOT_IN_ENUM = "The defined default value `{}` is not a valid value of the enum specified for the field."
_UNSUPPORTED = 'Only @default(dbgenerated("...")) can be used for Unsupported types.'


def check_default(scope: Scope, field: Field, value: Value | None) -> None:
    """Tell if a default is of another kind than the field's type."""
    if value is None:
        return
    message = _fault(scope, field, value)
    if message:
        scope.tell_attribute("@default", message, field.line)


def _fault(scope: Scope, field: Field, value: Value) -> str:
    if isinstance(value, Call) and value.name == "dbgenerated":
        return _dbgenerated_fault(value)
    if field.type in scope.enums:
        return _enum_fault(frozenset(each.name for each in scope.enums[field.type].values), field, value)
    if field.unsupported is not None:
        return _UNSUPPORTED
    if field.type not in _LITERALS:
        return ""
    if isinstance(value, Call):
        return _function_fault(field.type, value)
    if field.arity != "list":
        if isinstance(value, Array):
            return "The default value of a non-list field cannot be a list."
        return _literal_fault(field.type, value)
    if not isinstance(value, Array):
        return "The default value of a list field must be a list."
    return next(filter(None, (_literal_fault(field.type, element) for element in value.values)), "")


def _dbgenerated_fault(call: Call) -> str:
    if not any(map(any, call.arguments)):
        return ""
    value = call.arguments[0].value
    if isinstance(value, Text) and not value.value:
        return "dbgenerated() takes either no argument, or a single nonempty string argument."
    if sum(map(any, call.arguments)) > 1 or not isinstance(value, Text):
        return "`dbgenerated()` takes a single String argument"
    return ""


def _enum_fault(names: frozenset[str], field: Field, value: Value) -> str:
    is_list = field.arity == "list"
    if is_list != isinstance(value, Array):
        return f"Expected an enum value, but found `{spelled(value)}`."
    for element in value.values if isinstance(value, Array) else (value,):
        if not isinstance(element, Word):
            return f"Expected an enum value, but found `{spelled(element)}`."
        if element.name not in names:
            return _NOT_IN_ENUM.format(element.name)
    return ""


def _function_fault(kind: str, call: Call) -> str:
    if call.name not in _FUNCTIONS:
        return ""
    kinds, takes_number = _FUNCTIONS[call.name]
    if kind not in kinds:
        return f"The function `{call.name}()` cannot be used on fields of type `{kind}`."
    if not any(map(any, call.arguments)):
        return ""
    if not takes_number:
        return (
            f"The `{call.name}` function does not take any argument. "
            f"Consider changing this default to `{call.name}()`."
        )
    value = call.arguments[0].value
    if sum(map(any, call.arguments)) > 1 or not isinstance(value, Number):
        return f"`{call.name}()` takes a single Int argument."
    is_fine, which = _NUMBERS[call.name]
    if not value.text.isdigit() or not is_fine(int(value.text)):
        return f"`{call.name}()` takes either no argument, or a single integer argument {which}."
    return ""


def _literal_fault(kind: str, value: Value) -> str:
    if not isinstance(value, _LITERALS[kind]):
        return f"Expected a {kind} value, but found `{spelled(value)}`."
    if isinstance(value, Word) and value.name not in {"true", "false"}:
        return "A boolean literal must be `true` or `false`."
    return ""


def check_content(scope: Scope, field: Field, value: Value | None) -> None:
    """Tell if a default of the right kind cannot be understood: no JSON, no base64, no date, no integer."""
    if isinstance(value, Call) and field.type in _LITERALS:
        if value.name == "auto":
            text = "The current connector does not support the `auto()` function."
            scope.tell_attribute("@default", text, field.line)
        return
    for element in value.values if isinstance(value, Array) else (value,):
        if element is not None and (details := _content_fault(field.type, element)):
            at = "default" if field.type == "Decimal" else "@default"
            scope.tell_attribute(at, f'Parse error: "{_bare(element)}" is not a valid {details}', field.line)


def unknown_function(field: Field, value: Value | None) -> str:
    """The name of the default's function, if there is no such one."""
    known = {*_FUNCTIONS, "dbgenerated", "auto"}
    return (
        value.name if isinstance(value, Call) and value.name not in known and field.type in _LITERALS else ""
    )


def _bare(value: Value) -> str:
    return value.value if isinstance(value, Text) else spelled(value)


def _content_fault(kind: str, value: Value) -> str:
    if isinstance(value, Text):
        text = value.value
        if kind == "Json" and not _is_json(text):
            return "JSON string."
        if kind == "Bytes" and not _BASE64.fullmatch(text):
            return "base64 string."
        if kind == "DateTime" and not _RFC3339.fullmatch(text):
            return "rfc3339 datetime string."
        if kind == "Decimal" and not re.fullmatch(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+", text):
            return "decimal."
    if not isinstance(value, Number) or kind not in {"Int", "BigInt"}:
        return ""
    return "" if "." not in value.text and -(2**63) <= int(value.text) < 2**63 else "integer."


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text, parse_constant=_refuse)
    except ValueError:
        return False
    return True


def _refuse(constant: str) -> None:
    raise ValueError(constant)
