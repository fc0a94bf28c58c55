"""What the text of a statement says about running it: the lock it asks for, what it leaves behind."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from greylag.model.deeds import Deeds

    Waits = Literal["short", "long", ""]
    Kind = Literal[
        "index built", "index dropped", "index rebuilt", "partition detached", "database", "subscription"
    ]
else:
    Waits = Kind = str


class Effect(NamedTuple):
    """What stands in the catalog when a statement that runs outside transactions took effect.

    ``schema`` is empty where the text leaves it to the search path; ``table`` is empty where it names none.
    ``present`` is False for a statement that removes the object. An index PostgreSQL is to name has no name.
    """

    kind: Kind
    schema: str
    name: str
    table: str = ""
    present: bool = True


class Facts(NamedTuple):
    """One unit of a file, read. A text that cannot be read has the defaults, and the server says why.

    ``lock`` is the strongest table lock on a relation that was there before, in SQL's words. ``waits`` is how
    long the unit may wait for it: ``short`` where others queue behind it, ``long`` for one that must not be
    cut short (CONCURRENTLY, VALIDATE), empty where it does not matter. ``alone``: it cannot run inside a
    transaction block, or may end one by itself (CALL, a DO with COMMIT). ``control`` is a word of
    transaction control that would end the runner's own. ``own_timeout``: it sets lock_timeout itself.
    ``repeatable``: run twice it does what it does once. ``copies``: COPY FROM STDIN, whose data no file can
    send. ``deeds`` is there for a statement of ClickHouse, which has neither transactions nor lock timeouts.
    """

    lock: str = ""
    relations: tuple[str, ...] = ()
    waits: Waits = ""
    alone: bool = False
    control: str = ""
    own_timeout: bool = False
    repeatable: bool = False
    copies: bool = False
    effect: Effect | None = None
    deeds: Deeds | None = None
