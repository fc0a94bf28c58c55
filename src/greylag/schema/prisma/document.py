"""A schema.prisma as it was written: its blocks, their members, and every comment at its place.

Nothing is lost on the way from text to Document except white space: strings keep their spelling beside
their meaning, comments and empty lines are members like the others. The parser makes Documents, the
validation judges them, the layout writes them, and introspection takes over from an old one what a person
chose: names, docs, order.
"""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal

    Kind = Literal["generator", "datasource", "model", "view", "enum", "type"]
    Arity = Literal["required", "optional", "list", "optional list"]
else:
    Kind = Arity = str


class Text(NamedTuple):
    """A string: ``value`` is what it means, ``raw`` how it is written, with its quotes."""

    value: str
    raw: str


class Number(NamedTuple):
    """A number as it is written: ``42``, ``-1.50``."""

    text: str


class Word(NamedTuple):
    """A constant or a name: ``true``, ``Cascade``, ``authorId``, ``address.street``."""

    name: str


class Array(NamedTuple):
    """Values in brackets: ``[a, b(sort: Desc)]``."""

    values: tuple[Value, ...]


class Call(NamedTuple):
    """A function with its arguments: ``now()``, ``env("URL")``, ``title(sort: Desc)``."""

    name: str
    arguments: tuple[Argument, ...]


class Argument(NamedTuple):
    """One argument. ``name`` is empty for one by position; ``value`` is None for ``name:`` alone.

    With neither name nor value it is the nothing behind a last comma, which only validation minds.
    """

    name: str
    value: Value | None


Value = Text | Number | Word | Array | Call


class Comment(NamedTuple):
    """A comment on a line of its own. ``text`` has its slashes, but neither indentation nor line end.

    One in ``/* */`` may go over several lines, and is documentation to Prisma.
    """

    text: str
    line: int

    @property
    def is_doc(self) -> bool:
        """Whether it is documentation: ``///`` or ``/* */``."""
        return self.text.startswith(("///", "/*"))

    @property
    def content(self) -> str:
        """What it says: without its slashes and the white space in front of it."""
        if self.text.startswith("/*"):
            return self.text[2:-2].strip()
        return self.text[3 if self.is_doc else 2 :].lstrip()


class Blank(NamedTuple):
    """One or more empty lines."""

    line: int


class Broken(NamedTuple):
    """What nobody can read, as it is written: a line, or a block of no known kind.

    A line between blocks has its line end, one in a block has none.
    """

    text: str
    line: int


class Attribute(NamedTuple):
    """``@name(…)`` of a field or ``@@name(…)`` of a block; ``name`` is without ``@``: ``id``, ``db.VarChar``.

    ``arguments`` is None where there are no parentheses. ``line`` and ``comment`` (the trailing one, with
    its slashes) are told of block attributes only: those of a field stand in the Field.
    """

    name: str
    arguments: tuple[Argument, ...] | None = None
    line: int = 0
    comment: str = ""

    def argument(self, name: str, place: int = -1) -> Value | None:
        """The value of the argument of that name, else of the ``place``-th (from 0) one without a name."""
        unnamed = []
        for argument in self.arguments or ():
            if argument.name == name:
                return argument.value
            if not argument.name:
                unnamed.append(argument.value)
        return unnamed[place] if 0 <= place < len(unnamed) else None

    def text(self, name: str, place: int = -1) -> str | None:
        """What ``argument`` finds, where it is a string."""
        found = self.argument(name, place)
        return found.value if isinstance(found, Text) else None

    def names(self, name: str, place: int = -1) -> tuple[str, ...]:
        """The names in the list ``argument`` finds: ``[a, b(sort: Desc)]`` gives a and b."""
        found = self.argument(name, place)
        values = found.values if isinstance(found, Array) else (found,)
        return tuple(value.name for value in values if isinstance(value, (Word, Call)))


class Field(NamedTuple):
    """A field of a model, a view or a composite type.

    ``type`` is as written, without ``?`` and ``[]``: ``String``, ``Unsupported("point")``, empty where it is
    missing. ``docs`` are the lines of ``///`` above it and then behind it; ``comment`` is what trails on
    its line, with its slashes. Everything in the language but a block stands on one line.
    """

    name: str
    type: str
    arity: Arity
    attributes: tuple[Attribute, ...]
    docs: tuple[str, ...]
    comment: str
    line: int

    @property
    def unsupported(self) -> str | None:
        """The database's type in ``Unsupported("…")``, as written between the quotes; else None."""
        return self.type[self.type.index('"') + 1 : -2] if self.type.startswith("Unsupported(") else None

    def attribute(self, name: str) -> Attribute | None:
        """The first attribute of that name."""
        return _named(self.attributes, name)

    @property
    def mapped(self) -> str:
        """The name in the database: that of ``@map``, else the field's own."""
        return _mapped(self.attributes, self.name)


class EnumValue(NamedTuple):
    """A value of an enum; docs, comment and line as in Field."""

    name: str
    attributes: tuple[Attribute, ...]
    docs: tuple[str, ...]
    comment: str
    line: int

    @property
    def mapped(self) -> str:
        """The label in the database: that of ``@map``, else the value's own name."""
        return _mapped(self.attributes, self.name)


class Property(NamedTuple):
    """``key = value`` in a generator or a datasource. ``value`` is None for ``key =`` alone."""

    key: str
    value: Value | None
    comment: str
    line: int


Member = Field | EnumValue | Property | Attribute | Comment | Blank | Broken
"""What a block is made of, in the order of the file. An Attribute here is one of the block: ``@@``."""


class Block(NamedTuple):
    """A top-level block. ``members`` are everything between its braces, in order, comments included.

    ``docs`` are the lines of ``///`` directly above it. ``line`` is that of its head, ``start`` and ``end``
    the offsets of its text (head to closing brace) in the Document's. ``opening`` is what stands behind its
    opening brace, a comment as a rule: Prisma and its layout drop it.
    """

    kind: Kind
    name: str
    members: tuple[Member, ...]
    docs: tuple[str, ...]
    line: int
    start: int
    end: int
    opening: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in order."""
        return tuple(member for member in self.members if isinstance(member, Field))

    @property
    def values(self) -> tuple[EnumValue, ...]:
        """The values of an enum, in order."""
        return tuple(member for member in self.members if isinstance(member, EnumValue))

    @property
    def properties(self) -> tuple[Property, ...]:
        """The settings of a generator or a datasource, in order."""
        return tuple(member for member in self.members if isinstance(member, Property))

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Its ``@@`` attributes, in order."""
        return tuple(member for member in self.members if isinstance(member, Attribute))

    def attribute(self, name: str) -> Attribute | None:
        """The first ``@@`` attribute of that name."""
        return _named(self.attributes, name)

    def setting(self, key: str) -> Value | None:
        """The value of the setting of that name."""
        return next((member.value for member in self.properties if member.key == key), None)

    @property
    def mapped(self) -> str:
        """The name in the database: that of ``@@map``, else the block's own."""
        return _mapped(self.attributes, self.name)

    def pieces(self) -> Iterator[tuple[tuple[Comment | Blank, ...], Member | None]]:
        """Each member with the comments and empty lines above it; last, what follows them all, and None."""
        return _pieces(self.members)


Item = Block | Comment | Blank | Broken
"""What a file is made of, in its order."""


class Problem(NamedTuple):
    """Why Prisma would refuse the file: its own sentence, and the lines (from 1) it is about."""

    message: str
    line: int
    last: int


class Document(NamedTuple):
    """A whole file. ``problems`` are the parser's; a file with any must not be taken for what it says."""

    text: str
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its blocks, in order."""
        return tuple(item for item in self.items if isinstance(item, Block))

    def of(self, *kinds: Kind) -> tuple[Block, ...]:
        """Its blocks of these kinds, in order."""
        return tuple(item for item in self.items if isinstance(item, Block) and item.kind in kinds)

    def pieces(self) -> Iterator[tuple[tuple[Comment | Blank, ...], Block | Broken | None]]:
        """Each block with the comments and empty lines above it; last, what follows them all, and None."""
        return _pieces(self.items)


def _named(attributes: tuple[Attribute, ...], name: str) -> Attribute | None:
    for attribute in attributes:
        if attribute.name == name:
            return attribute
    return None


def _mapped(attributes: tuple[Attribute, ...], own: str) -> str:
    found = _named(attributes, "map")
    name = found.text("name", 0) if found else None
    return own if name is None else name


def _pieces(members: tuple[Any, ...]) -> Iterator[tuple[tuple[Comment | Blank, ...], Any]]:
    above: list[Comment | Blank] = []
    for member in members:
        if isinstance(member, (Comment, Blank)):
            above.append(member)
            continue
        yield tuple(above), member
        above.clear()
    yield tuple(above), None
