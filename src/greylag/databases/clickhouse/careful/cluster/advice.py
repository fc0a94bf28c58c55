"""Statements that leave the hosts of a cluster unlike one another: told, never refused."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.deeds import Deeds

_CHANGES = ("create", "alter", "drop", "rename", "exchange", "attach", "detach", "undrop", "truncate")
_PLAIN = re.compile(r"\bENGINE\s*=?\s*(?!Replicated|Shared)(\w*MergeTree)\b", re.IGNORECASE)


def advise(text: str, deeds: Deeds, cluster: str, own: str) -> str:
    """What to tell of a statement before it is sent through the host ``own``; empty for nothing."""
    if not deeds.kind.startswith(_CHANGES):
        return ""
    if not deeds.cluster:
        return f"has no ON CLUSTER: it is done on {own} alone, and {cluster} has other hosts"
    plain = _PLAIN.search(text) if deeds.kind == "create table" else None
    if plain is None:
        return ""
    made, shared = plain[1], f"Replicated{plain[1]}"
    return f"makes a {made} on every host of {cluster}: each has rows of its own, which a {shared} shares"
