"""An old file and a new one woven together: the new one's facts, the old one's order and comments."""

from __future__ import annotations

from greylag.schema.prisma.document import Attribute, Blank, Block, Broken, Comment, EnumValue, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from greylag.schema.prisma.document import Document, Item, Member

    Above = tuple[Comment | Blank, ...]
    T = TypeVar("T")

_KINDS = ("generator", "datasource", "type", "model", "view", "enum")
"""Kinds of blocks in the order in which new ones are put behind those that are there."""

_SETTINGS = _KINDS[:2]


def weave(old: Document, new: Document) -> Document:
    """The new document with what a person wrote into the old one.

    Settings stay as they were. Blocks and fields keep their places, new ones stand behind their neighbours:
    fields behind those before them in the database, blocks behind the last of their kind. ``//`` comments on
    lines of their own and empty lines stay where they were, those of what is gone too.
    """
    fresh = {(block.kind, block.name): block for block in new.of("type", "model", "view", "enum")}
    items: list[Item] = []
    for above, item in old.pieces():
        if isinstance(item, Block) and item.kind not in _SETTINGS:
            block = fresh.pop((item.kind, item.name), None)
            if block is None:
                items += [*_undocumented(above), *_remarks(_opened(item).members)]
            else:
                items += [*_above(above, block.docs), _block(_opened(item), block)]
        else:
            items += above
            if item is not None:
                items.append(_opened(item) if isinstance(item, Block) else item)
    for kind in reversed(_KINDS):
        added: list[Item] = []
        for block in fresh.values():
            if block.kind == kind:
                added += [Blank(0), *_docs(block.docs), block]
        place = _place(items, kind)
        items[place:place] = added
    return new._replace(text="", items=tuple(_apart(items)), problems=())


def _opened(block: Block) -> Block:
    """The block with the comment behind its opening brace on a line of its own, where Prisma keeps it."""
    if not block.opening.startswith("//"):
        return block
    return block._replace(opening="", members=(Comment(block.opening, 0), *block.members))


def _place(items: Sequence[Item], kind: str) -> int:
    """Behind the last block of the kind, or of a kind that stands before it."""
    before = _KINDS[: _KINDS.index(kind) + 1]
    places = (place for place, item in enumerate(items, 1) if isinstance(item, Block) and item.kind in before)
    return max(places, default=len(items))


def _apart(items: Iterable[Item]) -> list[Item]:
    """An empty line behind every block, where Prisma puts one, and none at the end."""
    found: list[Item] = []
    for item in items:
        found.append(item)
        if isinstance(item, Block):
            found.append(Blank(0))
    found = _single(found)
    return found[:-1] if found and isinstance(found[-1], Blank) else found


def _single(items: Iterable[T]) -> list[T]:
    """The items without empty lines that follow others."""
    found: list[T] = []
    for item in items:
        if not (isinstance(item, Blank) and found and isinstance(found[-1], Blank)):
            found.append(item)
    return found


def _block(old: Block, new: Block) -> Block:
    """The members of a block in the old order. Block attributes follow the fields, as Prisma has them."""
    fresh = {_name(member): (above, member) for above, member in new.pieces() if member is not None}
    order = [name for name in fresh if isinstance(fresh[name][1], (Field, EnumValue))]
    members: list[Member] = []
    ends: list[Member] = []
    placed: list[str] = []
    for above, member in old.pieces():
        name = _name(member)
        found = fresh.pop(name, None) if member is not None else None
        if isinstance(member, Attribute):
            apart, close = _halves(above)
            members += apart
            target = members if found is None else ends
            target += _remarks(close)
        elif found is None:
            members += above if member is None else _remarks(above)
        else:
            documents = [line for each in found[0] for line in _lines(each)]
            members += [*_above(above, documents), _trailing(found[1], member)]
            placed.append(name)
        if isinstance(member, Attribute) and found is not None:
            ends.append(_trailing(found[1], member))
    for name in order:
        if name in fresh:
            _insert(members, fresh.pop(name), _neighbour(order, name, placed))
            placed.append(name)
    ends += [member for _, member in fresh.values()]
    return new._replace(members=tuple(_single([*members, Blank(0), *ends])))


def _halves(above: Above) -> tuple[Above, Above]:
    """What stands above a block attribute: up to the last empty line, and below it, close by."""
    blanks = [place for place, each in enumerate(above, 1) if isinstance(each, Blank)]
    place = blanks[-1] if blanks else 0
    return above[:place], above[place:]


def _insert(members: list[Member], piece: tuple[Above, Member], neighbour: str) -> None:
    """Put a new field behind its neighbour, at the top where it has none."""
    place = 0
    if neighbour:
        place = 1 + next(number for number, each in enumerate(members) if _name(each) == neighbour)
    members[place:place] = [*piece[0], piece[1]]


def _neighbour(order: list[str], name: str, placed: list[str]) -> str:
    before = order[: order.index(name)]
    return next((each for each in reversed(before) if each in placed), "")


def _trailing(member: Member, old: Member | None) -> Member:
    """The new member with the old one's comment at the end of its line."""
    comment = getattr(old, "comment", "")
    if (
        comment.startswith("//")
        and not comment.startswith("///")
        and isinstance(member, (Field, EnumValue, Attribute))
    ):
        return member._replace(comment=comment)
    return member


def _above(above: Above, docs: Sequence[str]) -> list[Comment | Blank]:
    """What stands above: as it was where it says what ``docs`` say, else with these in place of its own."""
    said = [line for each in above for line in _lines(each)]
    if said == [line.strip() for line in docs]:
        return list(above)
    return [*_undocumented(above), *_docs(docs)]


def _undocumented(above: Above) -> list[Comment | Blank]:
    return [each for each in above if isinstance(each, Blank) or not each.is_doc]


def _lines(item: Comment | Blank) -> list[str]:
    """The lines of what is documentation."""
    return (
        [line.strip() for line in item.content.split("\n")]
        if isinstance(item, Comment) and item.is_doc
        else []
    )


def _remarks(items: Iterable[Member]) -> list[Comment]:
    """The comments among them that are no documentation."""
    return [each for each in items if isinstance(each, Comment) and not each.is_doc]


def _docs(lines: Iterable[str]) -> list[Comment]:
    return [Comment(f"/// {line}".rstrip(), 0) for line in lines]


def _name(member: Member | None) -> str:
    """What tells a member from others of its block."""
    if isinstance(member, (Field, EnumValue)):
        return f"field {member.name}"
    if isinstance(member, Attribute):
        keyed = member.name in ("id", "unique", "index", "fulltext")
        keys = ", ".join(member.names("fields", 0)) if keyed else ""
        return f"attribute {member.name} {keys} {member.text('map') or ''} {member.text('name') or ''}"
    if isinstance(member, Broken):
        return f"broken {member.text}"
    return ""
