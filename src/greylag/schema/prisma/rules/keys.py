"""Keys and indexes of a model whose attributes are good: that one identifies it, that names are free."""

from __future__ import annotations

from greylag.schema.prisma.document import Array, Call, Word
from greylag.schema.prisma.names import index_name, primary_key_name
from greylag.schema.prisma.rules.algorithms import check_algorithm
from greylag.schema.prisma.rules.defaults import check_content
from greylag.schema.prisma.rules.natives import check_native, check_unsupported, native_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter

    from greylag.schema.prisma.document import Field
    from greylag.schema.prisma.rules.scope import Key, Model, Scope

    Names = Counter[tuple[str | None, str]]

_LONGEST = 63
_NO_CRITERION = (
    "Each {0} must have at least one unique criteria that has only required fields. Either mark a single "
    "field with `@id`, `@unique` or add a multi field criterion with `@@id([])` or `@@unique([])` to the {0}."
)
_LOOSE = "The following unique criterias were not considered as they contain fields that are not required:\n"
_TAKEN = (
    "The given constraint name `{}` has to be unique in the following namespace: {}. "
    "Please provide a different name using the `map` argument."
)
_EVERYWHERE = "global for primary key, indexes and unique constraints"


def constraint_name(model: Model, key: Key) -> str:
    """The name a key has in the database."""
    if key.mapped is not None:
        return key.mapped
    if key.kind == "id":
        return primary_key_name(model.table)
    columns = [model.columns[name].mapped for name in key.fields if name in model.columns]
    return index_name(model.table, columns, unique=key.kind == "unique")


def count_names(scope: Scope) -> Names:
    """How often each name of a key is used, by schema."""
    from collections import Counter

    return Counter(
        (model.schema, constraint_name(model, key)) for model in scope.models.values() for key in model.keys
    )


def check_id(scope: Scope, model: Model, names: Names) -> None:
    """Tell if nothing identifies a row of a model, or if the id has a name that is taken."""
    if not model.ignored:
        _check_criterion(scope, model)
    key = model.id
    if key is None:
        return
    _check_constraint_name(scope, model, key, names)
    _check_client_name(scope, model, key)
    if not key.fields:
        text = (
            f"The list of fields in an `{key.at}()` attribute cannot be empty. "
            "Please specify at least one field."
        )
        scope.tell_attribute(key.at, text, key.line)
    check_clash(scope, model, key)
    if _options(key, "sort"):
        text = "The sort argument is not supported in the primary key with the current connector"
        scope.tell_attribute(key.at, text, key.line)


def _check_criterion(scope: Scope, model: Model) -> None:
    keys = model.unique_keys
    if any(all(_identifies(model.columns[name]) for name in key.fields) for key in keys):
        return
    text = _NO_CRITERION.format(model.word)
    if keys:
        text += f" {_LOOSE}" + "\n".join(f"- {', '.join(key.fields)}" for key in keys)
    scope.tell_model(model, text)


def _identifies(field: Field) -> bool:
    return field.arity == "required" and field.unsupported is None


def _check_constraint_name(scope: Scope, model: Model, key: Key, names: Names) -> None:
    name = constraint_name(model, key)
    if key.mapped is not None and len(name.encode()) > _LONGEST:
        text = (
            f"The constraint name '{name}' specified in the `map` argument for the `{key.at}` constraint is "
            f"too long for your chosen provider. The maximum allowed length is {_LONGEST} bytes."
        )
        scope.tell_model(model, text, key.line)
    if names[model.schema, name] > 1:
        scope.tell_attribute(key.at, _TAKEN.format(name, _EVERYWHERE), key.line)


def _check_client_name(scope: Scope, model: Model, key: Key) -> None:
    if key.name and len(model.named_keys[key.name]) > 1:
        text = (
            f"The given custom name `{key.name}` has to be unique on the model. "
            "Please provide a different name for the `name` argument."
        )
        scope.tell_attribute(key.at, text, key.line)


def check_clash(scope: Scope, model: Model, key: Key) -> None:
    """The client names a key over several fields ``a_b``, and so may no field be named."""
    whose = "attribute's " if key.kind == "id" else ""
    joined = "_".join(key.fields)
    if len(key.fields) > 1 and joined in model.columns:
        text = (
            f"The field `{joined}` clashes with the `{key.at}` {whose}name. Please resolve the conflict by "
            f'providing a custom id name: `{key.at}([...], name: "custom_name")`'
        )
        scope.tell_model(model, text, key.line)


def check_field(scope: Scope, model: Model, field: Field) -> None:
    """Tell what is wrong with a column beyond its attributes: native type, default, name."""
    check_key_name(scope, model, field.name)
    if not field.attributes and field.unsupported is None:
        return
    if scope.is_postgres:
        check_native(scope, field)
    default = field.attribute("default")
    if default is not None:
        if default.argument("map") is not None:
            text = (
                "You defined a database name for the default value of a field on the model. "
                "This is not supported by the provider."
            )
            scope.tell_attribute("@default", text, field.line)
        check_content(scope, field, default.argument("value", 0))
    if scope.is_postgres:
        check_unsupported(scope, field)


def check_key_name(scope: Scope, model: Model, name: str) -> None:
    """Tell if a key has a client's name that a field has."""
    for at in dict.fromkeys(key.at for key in model.named_keys.get(name, ())):
        text = (
            f"The custom name `{name}` specified for the `{at}` attribute is already used as a name "
            "for a field. Please choose a different name."
        )
        scope.tell_model(model, text)


def check_index(scope: Scope, model: Model, key: Key, names: Names) -> None:
    """Tell what is wrong with an index or a unique key."""
    if not key.fields:
        text = "The list of fields in an index cannot be empty. Please specify at least one field."
        scope.tell_attribute(key.at, text, key.line)
    if scope.is_postgres:
        _check_xml(scope, model, key)
    _check_constraint_name(scope, model, key, names)
    if key.kind == "unique":
        check_clash(scope, model, key)
    _check_client_name(scope, model, key)
    if _options(key, "length"):
        text = "The length argument is not supported in an index definition with the current connector"
        scope.tell_attribute(key.at, text, key.line)
    algorithm = key.attribute.argument("type")
    kind = algorithm.name if isinstance(algorithm, Word) else ""
    if kind == "Hash" and _options(key, "sort"):
        scope.tell_attribute(key.at, "Hash type does not support sort option.", key.line)
    if kind == "SpGist" and len(key.fields) > 1:
        scope.tell_attribute(key.at, "SpGist does not support multi-column indices.", key.line)
    if scope.is_postgres:
        check_algorithm(scope, model, key)
    if key.kind != "index" and _options(key, "ops"):
        text = "Operator classes can only be defined to fields in an @@index attribute."
        scope.tell_attribute(key.at, text, key.line)
    if key.kind == "fulltext":
        text = "Defining fulltext indexes is not supported with the current connector."
        scope.tell_attribute(key.at, text, key.line)


def _check_xml(scope: Scope, model: Model, key: Key) -> None:
    for name in key.fields:
        field = model.columns[name]
        native = native_of(field)
        if native is not None and native.name.endswith(".Xml"):
            scope.tell_field(
                "Native type `Xml` cannot be unique in Postgres."
                if key.kind == "unique"
                else "You cannot define an index on fields with native type `Xml` of Postgres.",
                field,
            )
            return


def _options(key: Key, name: str) -> bool:
    """Whether some field of the key, or the attribute itself, has an option of that name."""
    value = key.attribute.argument("fields", 0)
    elements = value.values if isinstance(value, Array) else ()
    return key.attribute.argument(name) is not None or any(
        argument.name == name
        for element in elements
        if isinstance(element, Call)
        for argument in element.arguments
    )
