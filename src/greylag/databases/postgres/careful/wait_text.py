"""A wait for a lock in words: who is in front, since when, doing what, and what lets the run through."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.careful.waits import Blocker, Prepared, Wait

_SHOWN = 5
"""So many sessions are named in the text; the facts hold all."""
_QUERY_WIDTH = 80
_WRAPAROUND = "to prevent wraparound"
"""PostgreSQL's words in the query of an autovacuum worker that is not to be interrupted."""
_AUTOVACUUM = "autovacuum worker"


def describe(wait: Wait, waited_seconds: float, label: str) -> str:
    """The wait for people: a sentence, a line per session where there are several, and the way out."""
    fronts = [_prepared(each) for each in wait.prepared] or ["a prepared transaction"] * (0 in wait.nearest)
    nearest_first = sorted(wait.blockers, key=lambda each: each.pid not in wait.nearest)
    fronts += [_session(each) for each in nearest_first]
    rest = len(fronts) - _SHOWN
    behind = fronts[0] if len(fronts) == 1 else f"{len(fronts)} others"
    tail = f"; {_sessions(wait.queue)} behind it" if wait.queue else ""
    lines = [f"{label} waits {age(waited_seconds)} for {_wanted(wait)} behind {behind}{tail}".lstrip()]
    if len(fronts) > 1:
        lines += fronts[:_SHOWN] + ([f"and {rest} more"] if rest > 0 else [])
    return "\n".join([*lines, _way_out(wait)])


def wait_facts(wait: Wait, waited_seconds: float, label: str) -> dict[str, object]:
    """The wait for programs: docs/reference/json.md promises the fields."""
    return {
        "label": label,
        "waited_seconds": round(waited_seconds, 1),
        "lock": mode_words(wait.mode),
        "on": wait.relation,
        "blockers": [_blocker_facts(each) for each in wait.blockers],
        "prepared": [{"gid": each.gid, "role": each.role} for each in wait.prepared],
        "queue": wait.queue,
        "remedy": remedy(wait),
    }


def remedy(wait: Wait) -> str:
    """SQL that ends what holds the lock, empty where nothing has to be ended."""
    ends = ["ROLLBACK PREPARED '{}';".format(each.gid.replace("'", "''")) for each in wait.prepared]
    ends += [f"SELECT pg_terminate_backend({each.pid});" for each in wait.blockers if _holds_on(each)]
    return " ".join(ends)


def mode_words(mode: str) -> str:
    """A lock mode as SQL writes it: ``AccessExclusiveLock`` is ACCESS EXCLUSIVE."""
    words = "".join(f" {char}" if char.isupper() else char for char in mode.removesuffix("Lock"))
    return words.strip().upper()


def age(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


def shown_query(query: str) -> str:
    """The first line of a query, short and without what may be a secret."""
    import re

    from greylag.model.masking import masked

    # A secret's literal may stand far from the word for it: of the rest nothing is shown from a quote on.
    query = re.sub(
        r"(?is)((?:passw|secret|token|api_?key)(?:[^'$]|\$\d)*)(?:'|\$(?!\d)).*", r"\1'xxxxx'", query
    )
    first = next((line for line in masked(query).splitlines() if line.strip()), "")
    text = printable(" ".join(first.split()))
    return text if len(text) <= _QUERY_WIDTH else text[: _QUERY_WIDTH - 1] + "…"


def printable(text: str) -> str:
    """``text`` without characters that would steer a terminal: anybody may choose an application's name."""
    return "".join(char if char.isprintable() else "?" for char in text)


_WANTED = {
    "relation": "{mode} on {relation}",
    "tuple": "a row of {relation}",
    "transactionid": "transaction {transaction} to end",
    "virtualxid": "an older transaction to end",
    "object": "{mode} on an entry of {catalog}",
    "advisory": "an advisory lock",
}
"""What is waited for, by the kind of lock in pg_locks; kinds that are not here go by their name."""


def _wanted(wait: Wait) -> str:
    pattern = _WANTED.get(wait.kind, "a lock ({kind})" if wait.kind else "a lock")
    words = wait._replace(mode=mode_words(wait.mode))._asdict()
    return pattern.format(**words)


def _sessions(count: int) -> str:
    return "1 session waits" if count == 1 else f"{count} sessions wait"


def _session(blocker: Blocker) -> str:
    query = shown_query(blocker.query)
    text = f"pid {blocker.pid} ({', '.join(_traits(blocker))})" + (f": {query}" if query else "")
    if not blocker.behind:
        return text
    others = " and ".join(f"pid {pid}" if pid else "a prepared transaction" for pid in blocker.behind)
    return f"{text} (waits itself behind {others})"


def _traits(blocker: Blocker) -> list[str]:
    if blocker.kind == _AUTOVACUUM:
        manner = "it does not give way" if _WRAPAROUND in blocker.query else "it gives way by itself"
        return [f"an autovacuum worker, {manner}"]
    if not blocker.role:
        return (
            ["a process of the server, perhaps an autovacuum worker"] if blocker.hidden else ["gone by now"]
        )
    who = f"{blocker.role}@{blocker.client}" if blocker.client else blocker.role
    traits = [printable(who)]
    if blocker.application:
        traits.append(f'"{shown_query(blocker.application)}"')
    if blocker.state:
        traits.append(blocker.state)
    if blocker.open_seconds:
        traits.append(f"transaction open for {age(blocker.open_seconds)}")
    return traits


def _prepared(each: Prepared) -> str:
    since = f"prepared {age(each.open_seconds)} ago by {printable(each.role)}"
    return f"the prepared transaction {printable(each.gid)!r}, {since}, which no session holds"


def _holds_on(blocker: Blocker) -> bool:
    """Whether it is the last in its row and stays until it is ended."""
    vacuums = blocker.kind == _AUTOVACUUM and _WRAPAROUND not in blocker.query
    return not blocker.behind and not vacuums and bool(blocker.role or blocker.kind)


def _way_out(wait: Wait) -> str:
    sql = remedy(wait)
    if any(_WRAPAROUND in each.query and each.kind == _AUTOVACUUM for each in wait.blockers):
        return f"let the vacuum finish, or end it and expect it to start again: {sql}"
    if sql:
        return f"to end what holds it: {sql}"
    if wait.prepared or 0 in wait.nearest or any(0 in each.behind for each in wait.blockers):
        return "to see prepared transactions: SELECT * FROM pg_prepared_xacts;"
    if any(each.kind == _AUTOVACUUM for each in wait.blockers):
        return "nothing has to be done: PostgreSQL cancels it within deadlock_timeout (1 s by default)"
    return f"to see them: SELECT * FROM pg_stat_activity WHERE pid IN ({', '.join(map(str, wait.nearest))});"


def _blocker_facts(blocker: Blocker) -> dict[str, object]:
    return {
        "pid": blocker.pid,
        "role": blocker.role,
        "application": shown_query(blocker.application),
        "client": blocker.client,
        "state": blocker.state,
        "kind": blocker.kind,
        "open_seconds": round(blocker.open_seconds, 1),
        "query": shown_query(blocker.query),
        "behind": list(blocker.behind),
    }
