"""Relations: their arguments, that both sides are there and agree, that they refer to something unique."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.prisma.document import Word
from greylag.schema.prisma.names import foreign_key_name
from greylag.schema.prisma.rules.arguments import RELATION, check_arguments, check_known, repeated
from greylag.schema.prisma.rules.scope import Side, spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from greylag.schema.prisma.document import Attribute
    from greylag.schema.prisma.rules.scope import Model, Scope

    Names = Counter[tuple[str, str]]

ACTIONS = frozenset({"Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"})
"""What may happen to a row when the one it refers to goes."""

_MISPLACED = {
    "id": "The field `{}` is a relation field and cannot be marked with `@id`. "
    "Only scalar fields can be declared as id.",
    "default": "Cannot set a default value on a relation field.",
    "map": "The attribute `@map` cannot be used on relation fields.",
    "unique": "The field `{}` is a relation field and cannot be marked with `unique`. "
    "Only scalar fields can be made unique.{}",
}
_BOTH = (
    "The relation fields `{}` on Model `{}` and `{}` on Model `{}` {} the {} argument in the @relation "
    "attribute. You have to provide it {} of the two fields."
)


class Relation(NamedTuple):
    """Two models in relation. ``forward`` is the side with the key; one side is None if it is missing."""

    kind: str
    forward: Side | None
    back: Side | None


def check_side(scope: Scope, side: Side) -> None:
    """Tell what is wrong with the attributes of a relation field."""
    field = side.field
    skipped = repeated(field.attributes, field.line, scope)
    if side.attribute is not None and "relation" not in skipped:
        _check_fields(scope, side, side.attribute)
        check_arguments(scope, side.attribute, RELATION["relation"], field.line)
    for name, text in _MISPLACED.items():
        if field.attribute(name) is not None and name not in skipped:
            below = side.fields or ()
            suggestion = f" Did you mean to put it on `{below[0]}`?" if below else ""
            if len(below) > 1:
                suggestion = f" Did you mean to provide `@@unique([{', '.join(below)}])`?"
            scope.tell_attribute(f"@{name}", text.format(field.name, suggestion), field.line)
    check_known(scope, field.attributes, (*RELATION, *_MISPLACED, *skipped), field.line)


def _check_fields(scope: Scope, side: Side, attribute: Attribute) -> None:
    line = side.field.line
    own, target = side.model, scope.models[side.target]
    unknown, relations = _resolved(scope, own, side.fields or (), line)
    if unknown:
        scope.tell(
            "Error validating: The argument fields must refer only to existing fields. "
            f"The following fields do not exist in this model: {', '.join(unknown)}",
            line,
        )
    if relations:
        scope.tell(
            "Error validating: The argument fields must refer only to scalar fields. "
            f"But it is referencing the following relation fields: {', '.join(relations)}",
            line,
        )
    unknown, relations = _resolved(scope, target, side.references or (), line)
    where = f"in the related model `{target.name}`"
    if unknown:
        scope.tell(
            f"Error validating: The argument `references` must refer only to existing fields {where}. "
            f"The following fields do not exist in the related model: {', '.join(unknown)}",
            line,
        )
    if relations:
        scope.tell(
            f"Error validating: The argument `references` must refer only to scalar fields {where}. "
            f"But it is referencing the following relation fields: {', '.join(relations)}",
            line,
        )
    if side.name == "":
        scope.tell_attribute("@relation", "A relation cannot have an empty name.", line)
    for name in ("onDelete", "onUpdate"):
        action = attribute.argument(name)
        if action is not None and not (isinstance(action, Word) and action.name in ACTIONS):
            scope.tell_attribute("@relation", f"Invalid referential action: `{spelled(action)}`", line)
    if side.mapped == "":
        scope.tell_attribute("@relation", "The `map` argument cannot be an empty string.", line)


def _resolved(scope: Scope, model: Model, names: Iterable[str], line: int) -> tuple[list[str], list[str]]:
    """Those of the names that are no field of the model, and those that are relation fields."""
    unknown: list[str] = []
    relations: list[str] = []
    seen: set[str] = set()
    for name in names:
        if name not in model.fields:
            unknown.append(name)
        elif name not in model.columns:
            relations.append(name)
        elif name in seen:
            text = f"The unique index definition refers to the field {name} multiple times."
            scope.tell_model(model, text, line)
            return [], []
        seen.add(name)
    return unknown, relations


def check_ambiguity(scope: Scope, side: Side) -> bool:
    """Tell if it is not clear which relation a field belongs to; True if so."""
    model, target, name = side.model, side.target, _name(side)
    alike = [each.field.name for each in model.sides if each.target == target and _name(each) == name]
    is_self = target == model.name
    if len(alike) < 2 or (is_self and side.name is not None and len(alike) == 2):
        return False
    names = " and ".join(filter(None, (", ".join(f"`{name}`" for name in alike[:-1]), f"`{alike[-1]}`")))
    fields = f"The fields {names} in model `{model.name}`"
    if not is_self and side.name is None:
        text = (
            f"Ambiguous relation detected. {fields} both refer to `{target}`. "
            "Please provide different relation names for them by adding `@relation(<name>)."
        )
    elif not is_self:
        text = (
            f"Wrongly named relation detected. {fields} both use the same relation name. "
            "Please provide different relation names for them through `@relation(<name>)."
        )
    elif side.name is not None:
        text = (
            f"Wrongly named self relation detected. {fields} have the same relation name. At most two "
            "relation fields can belong to the same relation and therefore have the same name. "
            "Please assign a different relation name to one of them."
        )
    elif len(alike) == 2:
        text = (
            f"Ambiguous self relation detected. {fields} both refer to `{target}`. If they are part of the "
            "same relation add the same relation name for them with `@relation(<name>)`."
        )
    else:
        text = (
            f"Unnamed self relation detected. {fields} have no relation name. "
            "Please provide a relation name for one of them by adding `@relation(<name>)."
        )
    scope.tell(f'Error validating {model.word} "{model.name}": {text}', side.field.line, side.field.line + 1)
    return True


def _name(side: Side) -> str:
    """The relation's name, which is made from the models' where none is given."""
    return side.name or "To".join(sorted((side.model.name, side.target)))


def check_ignored(scope: Scope, side: Side) -> None:
    """Tell if a field leads to an ignored model and is not ignored itself."""
    target = scope.models[side.target]
    if target.ignored and not side.is_ignored and not side.model.ignored:
        text = (
            f"The relation field `{side.field.name}` on Model `{side.model.name}` must specify the `@ignore` "
            f"attribute, because the model {target.name} it is pointing to is marked ignored."
        )
        scope.tell_attribute("@ignore", text, side.field.line, side.field.line + 1)


def pair(scope: Scope) -> list[Relation]:
    """The relations of a schema, in the order of the fields that make them."""
    found = []
    for model in scope.models.values():
        for side in model.sides:
            relation = _relation(side, _opposite(scope, side))
            if relation is not None:
                found.append(relation)
    order = {name: place for place, name in enumerate(scope.models)}
    found.sort(key=lambda each: (order[_owner(each)], order[_other(each)]))
    return found


def _owner(relation: Relation) -> str:
    if relation.forward is not None:
        return relation.forward.model.name
    return relation.back.target if relation.back else ""


def _other(relation: Relation) -> str:
    if relation.forward is not None:
        return relation.forward.target
    return relation.back.model.name if relation.back else ""


def _opposite(scope: Scope, side: Side) -> Side | None:
    for each in scope.models[side.target].sides:
        if each.target == side.model.name and each.name == side.name and each is not side:
            return each
    return None


def _relation(side: Side, other: Side | None) -> Relation | None:
    """The relation that a field makes; None where it is the other field that makes it."""
    mine = side.field.arity
    if other is None:
        if mine == "list":
            return Relation("1:n", None, side)
        return Relation("1:1" if _is_unique(side) else "1:n", side, None)
    theirs = other.field.arity
    later = (side.model.name, side.field.name) > (other.model.name, other.field.name)
    if mine == "list" and theirs == "list":
        if side.model.name > other.model.name or (side.model is other.model and later):
            return None
        embedded = side.fields is not None or other.fields is not None
        return Relation("n:m embedded" if embedded else "n:m", side, other)
    if mine == "list":
        return None
    if theirs == "list":
        return Relation("1:n", side, other)
    if mine != theirs:
        return Relation("1:1", side, other) if mine == "required" else None
    if mine == "optional" and side.fields is not None:
        return Relation("1:1", side, other)
    if (mine == "optional" and other.fields is not None) or later:
        return None
    return Relation("1:1", side, other)


def _is_unique(side: Side) -> bool:
    return any(key.kind == "unique" and key.fields == side.fields for key in side.model.keys)


def count_names(relations: Iterable[Relation]) -> Names:
    """How often each name of a foreign key is used in each model, those of its other keys included."""
    from collections import Counter

    from greylag.schema.prisma.rules.keys import constraint_name

    forwards = [each.forward for each in relations if each.forward and not each.kind.startswith("n:m")]
    names = Counter((side.model.name, _constraint_name(side)) for side in forwards)
    for model in {side.model.name: side.model for side in forwards}.values():
        names.update((model.name, constraint_name(model, key)) for key in model.keys)
    return names


def _constraint_name(side: Side) -> str:
    if side.mapped is not None:
        return side.mapped
    columns = [side.model.columns[name].mapped for name in side.fields or ()]
    return foreign_key_name(side.model.table, columns)


def check_relation(scope: Scope, relation: Relation, names: Names) -> None:
    """Tell what is wrong with a relation as a whole."""
    if relation.kind == "n:m":
        _check_many_to_many(scope, relation)
        return
    if relation.kind == "n:m embedded":
        for side in (relation.forward, relation.back):
            if side is not None:
                scope.tell_field(
                    "Error validating: Embedded many-to-many relations are not supported on Postgres. Please "
                    "use the syntax defined in https://pris.ly/d/relational-database-many-to-many",
                    side.field,
                )
        return
    if relation.forward is not None:
        _check_forward(scope, relation.forward, names)
    if relation.forward is None or relation.back is None:
        lonely = relation.forward or relation.back
        if lonely is not None:
            _check_lonely(scope, lonely)
    elif relation.kind == "1:1":
        _check_one_to_one(scope, relation.forward, relation.back)
    else:
        _check_one_to_many(scope, relation.forward, relation.back)
    if relation.kind == "1:1" and relation.forward is not None:
        _check_distinct(scope, relation.forward)
    if relation.kind == "1:1" and relation.back is not None and relation.forward is not None:
        _check_back(scope, relation.forward, relation.back)


def _tell(scope: Scope, side: Side, text: str) -> None:
    scope.tell_attribute("@relation", text, side.field.line, side.field.line + 1)


def _check_forward(scope: Scope, side: Side, names: Names) -> None:
    """What holds for the side with the key, whatever the other one is."""
    target = scope.models[side.target]
    references, fields = side.references, side.fields
    if references:
        wanted = sorted(references)
        if not any(sorted(key.fields) == wanted for key in target.unique_keys):
            way = (
                f"`@unique` attribute to the field `{references[0]}` in"
                if len(references) == 1
                else f"`@@unique([{', '.join(references)}])` attribute to"
            )
            _tell(
                scope,
                side,
                "The argument `references` must refer to a unique criterion in the related model. "
                f"Consider adding an {way} the model `{target.name}`.",
            )
    if fields is not None and references is not None and len(fields) != len(references):
        text = "You must specify the same number of fields in `fields` and `references`."
        scope.tell(f"Error validating: {text}", side.field.line)
    if side.field.arity == "required" and any(
        side.model.columns[n].arity == "optional" for n in fields or ()
    ):
        scope.tell_field(
            f"Error validating: The relation field `{side.field.name}` uses the scalar fields "
            f"{', '.join(fields or ())}. At least one of those fields is optional. "
            "Hence the relation field must be optional as well.",
            side.field,
        )
    for name, other in zip(fields or (), references or (), strict=False):
        own, theirs = side.model.columns[name], target.columns[other]
        if own.type != theirs.type:
            _tell(
                scope,
                side,
                f"The type of the field `{name}` in the model `{side.model.name}` is not matching the type "
                f"of the referenced field `{other}` in model `{target.name}`.",
            )
    name = _constraint_name(side)
    if names[side.model.name, name] > 1:
        place = f"on model `{side.model.name}` for primary key, indexes, unique constraints and foreign keys"
        text = (
            f"The given constraint name `{name}` has to be unique in the following namespace: {place}. "
            "Please provide a different name using the `map` argument."
        )
        scope.tell_attribute("@relation", text, side.field.line, side.field.line + (side.mapped is None))


def _check_lonely(scope: Scope, side: Side) -> None:
    word, model, name = side.model.word, side.model.name, side.field.name
    scope.tell_field(
        f"Error validating field `{name}` in {word} `{model}`: The relation field `{name}` on {word} "
        f"`{model}` is missing an opposite relation field on the model `{side.target}`. "
        "Either run `prisma format` or add it manually.",
        side.field,
    )


def _check_one_to_many(scope: Scope, forward: Side, back: Side) -> None:
    where = f"The relation field `{forward.field.name}` on Model `{forward.model.name}` must specify the"
    if not forward.fields:
        text = "argument in the @relation attribute. You can run `prisma format` to fix this automatically."
        _tell(scope, forward, f"{where} `fields` {text}")
    if not forward.references:
        _tell(scope, forward, f"{where} `references` argument in the @relation attribute.")
    where = f"The relation field `{back.field.name}` on Model `{back.model.name}` must not specify the"
    only = (
        "argument in the @relation attribute. You must only specify it on the opposite field "
        f"`{forward.field.name}` on model `{forward.model.name}`"
    )
    if back.fields or back.references:
        _tell(scope, back, f"{where} `fields` or `references` {only}.")
    if back.has_actions:
        many = "or in case of a many to many relation, in an explicit join table"
        _tell(scope, back, f"{where} `onDelete` or `onUpdate` {only}, {many}.")


def _check_one_to_one(scope: Scope, forward: Side, back: Side) -> None:
    pairs = (("fields", forward.fields, back.fields), ("references", forward.references, back.references))
    for name, mine, theirs in pairs:
        if not mine and not theirs:
            for one, other in ((forward, back), (back, forward)):
                _tell(scope, one, _both(one, other, "do not provide", f"`{name}`", "on one"))
    for name, mine, theirs in reversed(pairs):
        if mine and theirs:
            for one in (forward, back):
                _tell(scope, one, _both(forward, back, "both provide", f"`{name}`", "only on one"))
    if forward.has_actions and back.has_actions:
        for one, other in ((back, forward), (forward, back)):
            _tell(scope, one, _both(one, other, "both provide", "`onDelete` or `onUpdate`", "only on one"))
    elif back.has_actions:
        _tell(
            scope,
            back,
            f"The relation field `{back.field.name}` on Model `{back.model.name}` must not specify the "
            "`onDelete` or `onUpdate` argument in the @relation attribute. You must only specify it on the "
            f"opposite field `{forward.field.name}` on model `{forward.model.name}`.",
        )


def _both(one: Side, other: Side, way: str, argument: str, where: str) -> str:
    return _BOTH.format(
        one.field.name, one.model.name, other.field.name, other.model.name, way, argument, where
    )


def _check_distinct(scope: Scope, side: Side) -> None:
    """A relation from one to one needs a unique key on its fields."""
    fields = side.fields
    if fields is None or any(key.fields == fields for key in side.model.unique_keys):
        return
    way = (
        f"`@unique` attribute to the field `{fields[0]}`"
        if len(fields) == 1
        else f"`@@unique([{', '.join(fields)}])` attribute to the model"
    )
    _tell(
        scope,
        side,
        "A one-to-one relation must use unique fields on the defining side. "
        f"Either add an {way}, or change the relation to one-to-many.",
    )


def _check_back(scope: Scope, forward: Side, back: Side) -> None:
    """Looked at only where nothing else is wrong, as Prisma does."""
    if scope.problems:
        return
    if back.field.arity == "required":
        _tell(
            scope,
            back,
            f"The relation field `{back.field.name}` on Model `{back.model.name}` is required. This is not "
            "valid because it's not possible to enforce this constraint on the database level. Please change "
            f"the field type from `{forward.model.name}` to `{forward.model.name}?` to fix this.",
        )
    elif forward.field.arity == "required" and (back.fields is not None or back.references is not None):
        _tell(
            scope,
            back,
            f"The relation field `{back.model.name}.{back.field.name}` defines the `fields` and/or "
            "`references` argument. You must set them on the required side of the relation "
            f"(`{forward.model.name}.{forward.field.name}`) in order for the constraints to be enforced. "
            "Alternatively, you can change this field to be required and the opposite optional, or make both "
            "sides of the relation optional.",
        )


def _check_many_to_many(scope: Scope, relation: Relation) -> None:
    sides = [side for side in (relation.forward, relation.back) if side is not None]
    for side in sides:
        target = scope.models[side.target]
        if target.id is None or len(target.id.fields) != 1:
            word, model, name = side.model.word, side.model.name, side.field.name
            scope.tell_field(
                f"Error validating field `{name}` in {word} `{model}`: The relation field `{name}` on {word} "
                f"`{model}` references `{target.name}` which does not have an `@id` field. Models without "
                "`@id` cannot be part of a many to many relation. "
                "Use an explicit intermediate Model to represent this relationship.",
                side.field,
            )
    for side in sides:
        if side.has_actions:
            text = "Referential actions on implicit many-to-many relations are not supported"
            scope.tell(f"Error validating: {text}", side.field.line)
    for side in sides:
        if side.references is not None:
            _tell(
                scope,
                side,
                "Implicit many-to-many relation should not have references argument defined. "
                "Either remove it, or change the relation to one-to-many.",
            )
