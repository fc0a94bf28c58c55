"""Views: that they are allowed at all, and that they have no keys the database does not have."""

from __future__ import annotations

from greylag.schema.prisma.document import Array, Call, Text
from greylag.schema.prisma.rules.keys import check_clash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.rules.scope import Key, Model, Scope

_NO_VIEWS = "Error validating: View definitions are only available with the `views` preview feature."
_NO_NAME = (
    "Error validating: @@unique annotations on views are not backed by unique indexes in the database and "
    "cannot specify a mapped database name."
)


def check_views(scope: Scope) -> None:
    """Tell of views where no generator has the preview feature for them."""
    for block in scope.document.of("generator"):
        features = block.setting("previewFeatures")
        values = features.values if isinstance(features, Array) else ()
        if any(isinstance(value, Text) and value.value == "views" for value in values):
            return
    for block in scope.document.of("view"):
        scope.tell(_NO_VIEWS, block.line, scope.last_line(block))


def check_view_key(scope: Scope, model: Model, key: Key) -> None:
    """Tell of a key of a view that is more than a promise to the client."""
    if key.kind != "unique":
        things = "primary keys" if key.kind == "id" else "indexes"
        scope.tell(f"Error validating: Views cannot have {things}.", key.line)
        return
    if key.mapped is not None:
        scope.tell(_NO_NAME, key.line)
    check_clash(scope, model, key)
    value = key.attribute.argument("fields", 0)
    if isinstance(value, Array) and any(isinstance(element, Call) for element in value.values):
        text = "Scalar fields in @@unique attributes in views cannot have arguments."
        scope.tell_attribute(key.at, text, key.line)
