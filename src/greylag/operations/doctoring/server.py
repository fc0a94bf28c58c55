"""Checks of the server and of the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.doctoring.finding import bad, good, identifier, note, several, span, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from greylag.operations.doctoring.finding import Finding, Subject

_OLDEST, _NEWEST, _PRACTICE = 14, 18, 16
_UTC = {
    "utc",
    "etc/utc",
    "uct",
    "etc/uct",
    "zulu",
    "etc/zulu",
    "universal",
    "etc/universal",
    "gmt",
    "etc/gmt",
}
_CLOCK_SECONDS = 5.0
_HEADROOM = 3
"""Connections a run may want at once: its own, the one that watches what it waits for, one to spare."""
_MILLISECONDS = {"ms": 1, "s": 1000, "min": 60000}


def connection(subject: Subject) -> Iterator[Finding]:
    """Where it leads, with or without TLS, as whom, and how long a round trip takes."""
    server, login = subject.examination.server, subject.facts["login"]
    address = server.host if server.host.startswith("/") else f"{server.host}:{server.port}"
    trip = subject.facts["trip"]["seconds"] * 1000
    tls = login["tls"] or "no TLS"
    text = f"{address}, database {server.database}, as {login['role']}, {tls}, {trip:.1f} ms a round trip"
    if not login["tls"] and not subject.is_local:
        yield note(
            f"{text}: what is sent can be read on the way", "add sslmode=require to the connection string"
        )
    else:
        yield good(text)


def version(subject: Subject) -> Iterator[Finding]:
    """A release that is tested, and whether it is the practice's."""
    shown, major = subject.examination.server.version, subject.facts["login"]["number"] // 10000
    supported = f"greylag is tested on {_OLDEST} to {_NEWEST}"
    if major < _OLDEST:
        yield bad(f"PostgreSQL {shown}: {supported}", "upgrade the server")
    elif major > _NEWEST:
        yield warn(f"PostgreSQL {shown}: {supported}", "look for a newer greylag")
    elif major != _PRACTICE:
        yield note(f"PostgreSQL {shown}; the practice runs {_PRACTICE}")
    else:
        yield good(f"PostgreSQL {shown}")


def time_zone(subject: Subject) -> Iterator[Finding]:
    """UTC for this connection, and for every role that has a time zone of its own."""
    setting = subject.facts["settings"]["TimeZone"]
    if setting["value"].lower() in _UTC:
        yield good(f"{setting['value']} ({setting['source']})")
    else:
        count = subject.facts.get("local_times") or 0
        local = f", and {several(count, 'column')} of timestamp without time zone here" if count else ""
        yield warn(
            f"{setting['value']}, set by {_origin(subject, setting)}: goose stamps rows in local time{local}",
            _cure(subject, setting),
        )
    for given in subject.facts.get("given") or ():
        if given["name"].lower() == "timezone" and given["value"].lower() not in _UTC and not given["mine"]:
            where = f" IN DATABASE {identifier(given['database'])}" if given["database"] else ""
            role = identifier(given["role"])
            yield warn(
                f"the role {given['role']} works in {given['value']}",
                f"ALTER ROLE {role}{where} SET timezone TO 'UTC';",
            )


def _origin(subject: Subject, setting: Mapping[str, Any]) -> str:
    database, role = subject.examination.server.database, subject.examination.server.role
    return {
        "default": "the server's default",
        "configuration file": "the server's configuration file",
        "command line": "the server's command line",
        "database": f"the database {database}",
        "user": f"the role {role}",
        "global": "a setting for all roles",
        "database user": f"the role {role} in the database {database}",
        "client": "the connection string, or a variable such as PGTZ and PGOPTIONS",
    }.get(setting["source"], str(setting["source"]))


def _cure(subject: Subject, setting: Mapping[str, Any], name: str = "timezone", value: str = "'UTC'") -> str:
    database, role = (
        identifier(subject.examination.server.database),
        identifier(subject.examination.server.role),
    )
    place = {
        "user": f"ROLE {role}",
        "global": "ROLE ALL",
        "database user": f"ROLE {role} IN DATABASE {database}",
    }.get(setting["source"], f"DATABASE {database}")
    if setting["source"] == "client":
        return f"take {name} out of the connection string and the environment"
    return f"ALTER {place} SET {name} TO {value};"


def clock(subject: Subject) -> Iterator[Finding]:
    """The server's clock beside this machine's: versions made here are stamped there."""
    ahead = subject.facts["trip"]["ahead_seconds"]
    word = "ahead of" if ahead > 0 else "behind"
    if abs(ahead) > _CLOCK_SECONDS:
        yield warn(
            f"the server's clock is {span(abs(ahead))} {word} this machine's",
            "let both follow a time server (timedatectl, chronyc tracking)",
        )
    else:
        yield good(f"the server's clock is within {max(0.1, abs(ahead)):.1f} s of this machine's")


def pooler(subject: Subject) -> Iterator[Finding]:
    """Neither locks nor settings of a session hold behind a pooler that lends processes per transaction."""
    found = subject.facts["pooler"]
    if found == "transaction":
        yield bad(
            "a pooler stands between and lends server processes per transaction: the runner's lock and its "
            "settings do not hold, and greylag up refuses to run here",
            "let the connection string lead to the server itself, or to a pool with pool_mode = session",
        )
    elif found:
        yield note(
            "a pooler stands between; a connection keeps its server process, which is what a run needs"
        )
    else:
        yield good("none: the server answers itself")


def standby(subject: Subject) -> Iterator[Finding]:
    """A server that takes writes."""
    settings, login = subject.facts["settings"], subject.facts["login"]
    if login["standby"]:
        yield bad(
            "the server is a standby: it takes no writes",
            "name the primary, or add target_session_attrs=read-write and all hosts to the connection string",
        )
    elif settings["default_transaction_read_only"]["value"] == "on":
        setting = settings["default_transaction_read_only"]
        yield bad(
            f"transactions are read-only, set by {_origin(subject, setting)}",
            "SET default_transaction_read_only TO off;",
            _cure(subject, setting, "default_transaction_read_only", "off"),
        )
    else:
        yield good("a primary that takes writes")


def timeouts(subject: Subject) -> Iterator[Finding]:
    """Limits that a role or database brings along and that end a run in the middle."""
    clean = True
    for name, harm in _LIMITS.items():
        setting = subject.facts["settings"].get(name)
        if setting is None or setting["value"] == "0":
            continue
        clean = False
        milliseconds = int(setting["value"]) * _MILLISECONDS.get(setting["unit"], 1)
        yield warn(
            f"{name} is {milliseconds / 1000:g} s, set by {_origin(subject, setting)}: {harm}",
            _cure(subject, setting, name, "0"),
        )
    if clean:
        yield good("no timeout is set for this role and database")


_LIMITS = {
    "lock_timeout": "goose gives up where it waits for a lock; greylag sets its own",
    "statement_timeout": "a statement that takes longer, an index build for one, is cancelled",
    "idle_in_transaction_session_timeout": "a run that pauses inside a transaction loses its connection",
    "transaction_timeout": "a file that takes longer loses its connection",
}


def headroom(subject: Subject) -> Iterator[Finding]:
    """Room for the connections of a run."""
    settings, found = subject.facts["settings"], subject.facts["connections"]
    reserved = sum(
        int(settings[name]["value"])
        for name in ("superuser_reserved_connections", "reserved_connections")
        if name in settings
    )
    limit = int(settings["max_connections"]["value"])
    free = limit - reserved - found["clients"]
    text = f"{found['clients']} of {limit} connections are taken"
    for key, used, what in (("database_limit", "here", "database"), ("role_limit", "mine", "role")):
        if subject.facts["login"]["superuser"]:
            break  # no limit of a role or database binds one
        if found[key] >= 0 and found[key] - found[used] < free:
            free = found[key] - found[used]
            text = f"{found[used]} of the {found[key]} connections of this {what} are taken"
    if free < _HEADROOM:
        yield warn(f"{text}: a run may find none", "close idle ones, or raise the limit")
    else:
        yield good(f"{text}")


def replication(subject: Subject) -> Iterator[Finding]:
    """Commits that wait for a standby that is not there."""
    settings, found = subject.facts["settings"], subject.facts["standbys"]
    names = settings.get("synchronous_standby_names", {}).get("value", "")
    if found["waiting"]:
        yield bad(
            f"{several(found['waiting'], 'commit')} wait for a synchronous standby",
            "bring the standby back, or take it out of synchronous_standby_names",
        )
    elif names and settings["synchronous_commit"]["value"] not in ("off", "local"):
        if found["synchronous"] or not subject.facts["login"]["sees_all"]:
            yield note(f"every commit waits for a synchronous standby ({names})")
        else:
            yield bad(
                f"every commit waits for a synchronous standby ({names}), and none is connected",
                "bring the standby back, or take it out of synchronous_standby_names",
            )
    else:
        yield good("no commit waits for a standby")
