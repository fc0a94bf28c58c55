"""The queue through which ON CLUSTER statements reach their hosts, and what each host made of them."""

from __future__ import annotations

import re

from greylag.databases.clickhouse.careful.place import literal
from greylag.databases.clickhouse.failures import said
from greylag.databases.clickhouse.url import unescape
from greylag.errors import DatabaseError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.link import Link
    from greylag.model.deeds import Deeds

    Row = list[str | None]

DONE, FAILED, WAITING = "done", "failed", "waiting"
_PATH = "/clickhouse/task_queue/ddl"
"""Where servers keep the queue unless told otherwise; errors that name an entry name its path, too."""
_UNKNOWN_TABLE = 60
_UNFINISHED, _FOLLOW = 341, "will be done asynchronously"
"""Of a replicated table: this host has done it, and replicas that are down will when they are back."""
_ENTRY = re.compile(r"(/\S*)/(query-\d+)")
_UUID = re.compile(r"uuid'[-0-9a-f]+'")


class Outcome(NamedTuple):
    """What a host made of a statement. ``waiting``: it has not done it yet, and will when it is there."""

    host: str
    state: str
    code: int = 0
    error: str = ""


class Queue:
    """Reads the queue as far as the server shows it; one that cannot be read is empty."""

    def __init__(self, link: Link, cluster: str, database: str) -> None:
        self._link = link
        self._cluster = cluster
        self._database = database
        self._path = _PATH
        self._newer: bool | None = None

    def newest(self) -> str:
        """The last entry; empty for none."""
        return max((name for name, _ in self._entries("")), default="")

    def find(self, text: str, deeds: Deeds, behind: str) -> str:
        """The entry of a statement that was sent when ``behind`` was the last; empty where it is not told."""
        spelled = self._spelled(text)
        likely = []
        for name, query in sorted(self._entries(behind), reverse=True):
            shown = self._squeezed(query)
            if shown == spelled:
                return name
            if shown[:8] == spelled[:8] and deeds.table.lower() in shown:
                likely.append(name)
        return likely[0] if len(likely) == 1 else ""

    def outcomes(self, entry: str) -> list[Outcome]:
        """Host by host, of those that the queue tells of."""
        if not entry:
            return []
        if self._is_newer():
            rows = self._rows(
                "SELECT host, toString(port), toString(status), toString(exception_code), exception_text "
                f"FROM system.distributed_ddl_queue WHERE entry = {literal(entry)}"
            )
            return [_told(*(value or "" for value in row)) for row in rows]
        place = f"{self._path}/{entry}"
        asked = self._rows(f"SELECT value FROM system.zookeeper WHERE path = {literal(self._path)} "
                           f"AND name = {literal(entry)}")  # fmt: skip
        ended = self._rows(
            f"SELECT name, value FROM system.zookeeper WHERE path = {literal(place + '/finished')}"
        )
        found = {unescape(name or ""): value or "" for name, value in ended}
        hosts = re.findall(r"'([^']+)'", _line((asked[0][0] or "") if asked else "", "hosts: "))
        return [_finished(host, found.get(host)) for host in map(unescape, hosts)]

    def named_in(self, message: str) -> str:
        """The entry that an error names; empty for none."""
        found = _ENTRY.search(message)
        if found is None:
            return ""
        self._path = found[1]
        return found[2]

    def _entries(self, behind: str) -> list[tuple[str, str]]:
        """Names and statements of entries that came after ``behind``."""
        if self._is_newer():
            rows = self._rows(
                "SELECT DISTINCT entry, query FROM system.distributed_ddl_queue "
                f"WHERE entry > {literal(behind)} AND cluster = {literal(self._cluster)}"
            )
            return [(name or "", query or "") for name, query in rows]
        rows = self._rows(
            f"SELECT name, value FROM system.zookeeper WHERE path = {literal(self._path)} "
            f"AND name > {literal(behind)}"
        )
        return [(name or "", _line(value or "", "query: ")) for name, value in rows]

    def _is_newer(self) -> bool:
        if self._newer is None:
            try:
                self._link.query("SELECT entry FROM system.distributed_ddl_queue LIMIT 0")
                self._newer = True
            except DatabaseError as error:
                if error.number == 0:
                    raise
                self._newer = error.number != _UNKNOWN_TABLE
        return self._newer

    def _rows(self, question: str) -> list[Row]:
        try:
            return self._link.query(question).rows
        except DatabaseError as error:
            if error.number == 0:  # not the server's answer: the connection
                raise
            return []

    def _spelled(self, text: str) -> str:
        """A statement as the queue has it: in the server's own spelling."""
        try:
            text = self._link.query(f"SELECT formatQuerySingleLine({literal(text)})").rows[0][0] or text
        except DatabaseError as error:
            if error.number == 0:
                raise
        return self._squeezed(text)

    def _squeezed(self, text: str) -> str:
        """Without what the server adds (database, uuid) and what has several spellings."""
        bare = "".join(char for char in text.lower() if not char.isspace() and char not in '()`";')
        return _UUID.sub("", bare).replace(f"{self._database.lower()}.", "")


def read_rows(names: list[str], rows: list[Row]) -> list[Outcome]:
    """What an ON CLUSTER statement answers. Servers name the columns alike and not all have the same ones."""
    found = []
    for row in rows:
        fact = dict(zip(names, row, strict=False))
        host = f"{fact.get('host')}:{fact.get('port')}" if "port" in fact else f"{fact.get('host')}"
        status, error = fact.get("status"), fact.get("error") or ""
        if status is None:
            found.append(Outcome(host, WAITING))
        elif status in ("0", "OK", "Finished") and not error:
            found.append(Outcome(host, DONE))
        else:
            found.append(_failed(host, int(status) if status.isdigit() else 0, error))
    return found


def _told(host: str, port: str, status: str, code: str, error: str) -> Outcome:
    """A row of system.distributed_ddl_queue."""
    if status not in ("Finished", "Removing"):
        return Outcome(f"{host}:{port}", WAITING)
    number, host = int(code or 0), f"{host}:{port}"
    return _failed(host, number, error) if number else Outcome(host, DONE)


def _finished(host: str, value: str | None) -> Outcome:
    """A node under ``finished``: a number, and the error of one that is not 0."""
    if value is None:
        return Outcome(host, WAITING)
    code, _, error = value.partition("\n")
    number = int(code) if code.strip().isdigit() else 0
    return _failed(host, number, error) if number else Outcome(host, DONE)


def _failed(host: str, code: int, error: str) -> Outcome:
    if code == _UNFINISHED and _FOLLOW in error:
        return Outcome(host, DONE)
    return Outcome(host, FAILED, code, said(error))


def _line(value: str, key: str) -> str:
    """What stands behind ``key`` in a node of the queue; its lines begin with keys."""
    at = next((line for line in value.split("\n") if line.startswith(key)), "")
    return at.removeprefix(key).replace("\\n", "\n").replace("\\'", "'")
