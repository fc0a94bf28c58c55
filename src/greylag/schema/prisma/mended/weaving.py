"""An old file and a new one woven together: the new one's facts, the old one's order and comments."""

from __future__ import annotations

from greylag.schema.prisma.document import Attribute, Blank, Block, Broken, Comment, EnumValue, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.schema.prisma.document import Document, Item, Member

    Above = tuple[Comment | Blank, ...]

_SETTINGS = ("generator", "datasource")


def weave(old: Document, new: Document) -> Document:
    """The new document with what a person wrote into the old one.

    Settings stay as they were. Blocks and fields keep their places, new ones stand behind their neighbours
    in the database; ``//`` comments and empty lines stay where they were, comments of what is gone too.
    """
    fresh = {(block.kind, block.name): block for block in new.of("model", "view", "enum", "type")}
    items: list[Item] = []
    for above, item in old.pieces():
        if isinstance(item, Block) and item.kind not in _SETTINGS:
            block = fresh.pop((item.kind, item.name), None)
            if block is None:
                items += _spared(above)
                continue
            items += _plain(above)
            items += _docs(block.docs)
            items.append(_block(item, block))
        else:
            items += above
            if item is not None:
                items.append(item)
    while items and isinstance(items[-1], Blank):
        items.pop()
    for block in fresh.values():
        items += [Blank(0), *_docs(block.docs), block]
    return new._replace(text="", items=tuple(items), problems=())


def _block(old: Block, new: Block) -> Block:
    """The members of a block in the old order. Block attributes follow the fields, as Prisma has them."""
    fresh = {_name(member): (above, member) for above, member in new.pieces() if member is not None}
    order = [name for name in fresh if isinstance(fresh[name][1], (Field, EnumValue))]
    members: list[Member] = []
    placed: list[str] = []
    ends: list[Member] = []
    for above, member in old.pieces():
        name = _name(member)
        found = fresh.pop(name, None) if member is not None else None
        kept = _plain(above)
        if isinstance(member, Attribute):
            ends += [comment for comment in kept if isinstance(comment, Comment)]
            if found is not None:
                ends.append(_trailing(found[1], member))
            continue
        if found is None:
            target = members if member is not None else ends
            target += [each for each in kept if isinstance(each, Comment)]
            continue
        members += [*kept, *_documents(found[0]), _trailing(found[1], member)]
        placed.append(name)
    for name in order:
        if name in fresh:
            _insert(members, fresh.pop(name), _neighbour(order, name, placed))
            placed.append(name)
    rest: list[Member] = []
    for above, member in fresh.values():
        rest += [*_documents(above), member]
    return new._replace(members=(*members, *rest, *ends))


def _insert(members: list[Member], piece: tuple[Above, Member], neighbour: str) -> None:
    """Put a new field behind its neighbour, at the top where it has none."""
    place = 0
    if neighbour:
        place = 1 + next(number for number, each in enumerate(members) if _name(each) == neighbour)
    members[place:place] = [*_documents(piece[0]), piece[1]]


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


def _plain(above: Iterable[Comment | Blank]) -> list[Comment | Blank]:
    """Comments that are no documentation, and empty lines."""
    return [each for each in above if isinstance(each, Blank) or not each.is_doc]


def _documents(above: Iterable[Comment | Blank]) -> list[Comment]:
    return [each for each in above if isinstance(each, Comment) and each.is_doc]


def _spared(above: Iterable[Comment | Blank]) -> list[Comment]:
    return [each for each in above if isinstance(each, Comment) and not each.is_doc]


def _docs(lines: Iterable[str]) -> list[Comment]:
    return [Comment(f"/// {line}".rstrip(), 0) for line in lines]


def _name(member: Member | None) -> str:
    """What tells a member from others of its block."""
    if isinstance(member, (Field, EnumValue)):
        return f"field {member.name}"
    if isinstance(member, Attribute):
        keys = (
            ", ".join(member.names("fields", 0))
            if member.name in ("id", "unique", "index", "fulltext")
            else ""
        )
        return f"attribute {member.name} {keys} {member.text('map') or ''} {member.text('name') or ''}"
    if isinstance(member, Broken):
        return f"broken {member.text}"
    return ""
