"""The embedded engine as a link: statements to the child, rows and errors back."""

from __future__ import annotations

import os

from greylag.databases.clickhouse.embedded import framing
from greylag.databases.clickhouse.embedded.child import DEFAULTS, missing
from greylag.databases.clickhouse.embedded.early import take_child
from greylag.databases.clickhouse.embedded.local_forms import local_form
from greylag.databases.clickhouse.failures import lost, number_of, raised, unreachable
from greylag.databases.clickhouse.rows import read_answer
from greylag.databases.clickhouse.wire import SilenceError
from greylag.model.event import Notice
from greylag.model.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.embedded.child import Child
    from greylag.databases.clickhouse.rows import Answer
    from greylag.databases.clickhouse.wire import Patience

_OPENING = 60.0
"""Seconds an engine may take to open a folder that nobody else has."""
_WAITING = 300.0
"""Seconds to wait for a process that has the folder open."""
_REWRITTEN = "the embedded ClickHouse is one node: ON CLUSTER and Replicated engines run as local ones"


class EmbeddedLink:
    """See :class:`greylag.databases.clickhouse.link.Link`. The child lives as long as the link is open."""

    def __init__(self, settings: Settings, patience: Patience, tell: Callable[[Notice], None]) -> None:
        self._settings = settings
        self._patience = patience
        self._tell = tell
        self._child: Child | None = None
        self._version = ""
        self._told = False
        self._set: dict[str, str] = {}

    @property
    def address(self) -> str:
        """The folder."""
        return self._settings.folder

    def facts(self) -> Server:
        """The engine's version and the database in use."""
        database = self.query("SELECT currentDatabase()").rows[0][0] or ""
        folder = os.path.abspath(self._settings.folder)
        return Server("clickhouse", self._version, folder, 0, database, "default")

    def begin(self) -> None:
        """Start the engine."""
        self._open()

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        """Run one statement, in its local form."""
        self.query(text, query_id=query_id, settings=settings)

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        """Run one statement, in its local form, and give its rows. The engine takes no ``query_id``."""
        del query_id
        own = DEFAULTS | self._settings.server
        wanted = {name: value for name, value in (settings or {}).items() if own.get(name) != value}
        for name in [*(self._set.keys() - wanted.keys()), *wanted]:
            value = wanted.get(name, "")
            if self._set.get(name, "") != value:
                value = value or own.get(name, "")
                self._run(f"SET `{name}` = '{value}'" if value else f"SET `{name}` = DEFAULT")
        self._set = wanted
        return self._run(text)

    def _run(self, text: str) -> Answer:
        child = self._open()
        text, changed = local_form(text)
        if changed and not self._told:
            self._told = True
            self._tell(Notice("local", _REWRITTEN))
        try:
            child.send(framing.RUN, text.encode("utf-8", "surrogateescape"))
            kind, payload = child.receive(seconds=self._settings.read_timeout)
        except (framing.EndedError, OSError):
            words = child.last_words()
            self.close()
            raise lost(f"the embedded ClickHouse ended{': ' if words else ''}{words}") from None
        except SilenceError:
            self.close()
            raise lost(f"no answer within {self._settings.read_timeout:g} s") from None
        except BaseException:
            self.close()
            raise
        said = payload.decode("utf-8", "surrogateescape")
        if kind == framing.ERROR:
            raise raised(said, number_of(said))
        return read_answer(said)

    def close(self) -> None:
        """End the engine."""
        if self._child is not None:
            self._child.close()
            self._child = None
        self._set = {}

    def _open(self) -> Child:
        self._patience.look_around()
        if self._child is None:
            self._child = take_child(self._settings, self._patience)
            try:
                self._version = self._greet(self._child)
            except BaseException:
                self.close()
                raise
        return self._child

    def _greet(self, child: Child) -> str:
        seconds, holder = _OPENING, ""
        while True:
            try:
                kind, payload = child.receive(seconds=seconds)
            except (framing.EndedError, OSError):
                text = f"the embedded ClickHouse did not start in {child.folder}: {child.last_words()}"
                raise unreachable(text, text) from None
            except SilenceError:
                text = f"{child.folder} is still in use by {holder or 'its engine'} after {seconds:g} s"
                raise unreachable(text, text, hint="end that process, or wait until it is done") from None
            said = payload.decode("utf-8", "surrogateescape")
            if kind == framing.READY:
                return said
            if kind == framing.MISSING:
                raise missing(said)
            if kind == framing.ERROR:
                raise raised(said, number_of(said))
            seconds, holder = _WAITING, said or "another process"
            text = f"{child.folder} is in use by {holder}: waiting for it"
            self._tell(Notice("waiting", text, {"holder": holder, "waited_seconds": 0.0}))
