"""What servers of different ages call the same facts."""

from __future__ import annotations

_NEWER = {
    "compression": (140000, "a.attcompression", "''"),
    "set_columns": (150000, "k.confdelsetcols", "NULL"),
    "nulls_distinct": (150000, "NOT i.indnullsnotdistinct", "true"),
    "detaching": (140000, "h.inhdetachpending", "false"),
    "cloned": (130000, "t.tgparentid <> 0::oid", "false"),
}
"""Word in a query to the first version that has it, how it is asked there, and what older ones answer."""


def words_for(version: int) -> dict[str, str]:
    """The words to put into queries for a server of ``version`` (as in server_version_num)."""
    return {word: new if version >= since else old for word, (since, new, old) in _NEWER.items()}


def version_number(server_version: str) -> int:
    """The number of a version as the server reports it: 160004 for ``16.4 (Debian 16.4-1)``, ``17beta2``."""
    import re

    found = re.match(r"(\d+)(?:\.(\d+))?", server_version)
    return int(found[1]) * 10000 + int(found[2] or 0) if found else 0
