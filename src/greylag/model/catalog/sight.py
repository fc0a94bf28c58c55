"""What of a database somebody meets who looks at it as Prisma does, and that is no part of its schema."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.parts import Name
    from greylag.model.catalog.tables import Constraint


class Sight(NamedTuple):
    """Facts beside a Catalog.

    ``parents`` are tables that have, or once had, children: PostgreSQL forgets late that they are gone.
    ``clones`` are foreign keys that the server made from others, towards partitions which have partitions
    themselves. ``unseen`` are columns the role has no right to, by table. ``views`` are in the order in which
    they were made.
    """

    parents: frozenset[Name] = frozenset()
    clones: tuple[tuple[Name, Constraint], ...] = ()
    unseen: tuple[tuple[Name, tuple[str, ...]], ...] = ()
    views: tuple[Name, ...] = ()
