"""Types: that every field has one that exists."""

from __future__ import annotations

from greylag.schema.prisma.rules.scope import SCALARS, is_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Field
    from greylag.schema.prisma.rules.scope import Scope


def check_types(scope: Scope) -> None:
    """Tell of every type that there is not, and of enums that are empty."""
    names = (*SCALARS, *scope.models, *scope.enums, *scope.types)
    near = {name.lower(): name for name in names}
    for block in scope.document.of("model", "view", "type", "enum"):
        if block.kind == "enum":
            if not block.values:
                text = "Error validating: An enum must have at least one value."
                scope.tell(text, block.line, scope.last_line(block))
            continue
        for field in block.fields:
            _check_type(scope, field, near)


def _check_type(scope: Scope, field: Field, near: dict[str, str]) -> None:
    name = field.type
    if not name or is_known(scope, field):
        return
    text = f'Type "{name}" is neither a built-in type, nor refers to another model, composite type, or enum.'
    meant = near.get(name.lower())
    scope.tell(f'{text} Did you mean "{meant}"?' if meant else text, field.line)
