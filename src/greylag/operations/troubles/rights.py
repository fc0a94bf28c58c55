"""What the role may not do, and the line that lets it."""

from __future__ import annotations

from greylag.operations.troubles.lines import indented
from greylag.operations.troubles.tokens import keys, tokens
from greylag.operations.troubles.trouble import Scene, Trouble

_NEEDED = {
    "schema": "USAGE, CREATE",
    "database": "CREATE",
    "sequence": "USAGE, SELECT",
    "function": "EXECUTE",
    "procedure": "EXECUTE",
    "type": "USAGE",
    "language": "USAGE",
    "foreign server": "USAGE",
}
"""What a migration usually needs on an object of a kind."""

_BY_WORD = {"SELECT": "SELECT", "INSERT": "INSERT", "UPDATE": "SELECT, UPDATE", "DELETE": "SELECT, DELETE"}
"""First word of a statement to the privileges it needs on the table it names."""


def _denied(scene: Scene) -> str | None:
    said = scene.said(r"^permission denied for (schema|database|table|view|sequence|function|procedure|type|"
                      r"language|foreign server) (\S+)$")  # fmt: skip
    if said is None:
        return None
    kind, name = said
    needed = _NEEDED.get(kind) or _on_table(scene)
    role = scene.nearby.role()
    if not needed:
        return (
            f"The role lacks a privilege on the {kind} {name}: its owner can grant what the statement needs"
        )
    on = "" if kind in ("table", "view") else f"{kind.upper()} "
    return indented(
        f"The owner of the {kind} {name}, or a superuser, can allow it:",
        f"GRANT {needed} ON {on}{name} TO {role or '…'};",
    )


def _on_table(scene: Scene) -> str:
    words = keys(tokens(scene.text))
    if "REFERENCES" in words:
        return "REFERENCES"
    if words[:1] == ["TRUNCATE"]:
        return "TRUNCATE"
    return _BY_WORD.get(words[0], "") if words and not {"WITH", "JOIN"} & set(words) else ""


def _owner(scene: Scene) -> str | None:
    said = scene.said(r"^must be owner of (\S+(?: \S+)?) (\S+)$")
    if said is None:
        return None
    kind, name = said
    role = scene.nearby.role() or "…"
    sentence = (
        f"Only the owner of the {kind} {name} may do this, or a member of the owner's role. Migrate as the "
        "owner, "
        "or let the owner or a superuser hand it over:"
    )
    return (
        indented(sentence, f"ALTER {kind.upper()} {name} OWNER TO {role};")
        if kind in _OWNED
        else sentence[:-1]
    )


_OWNED = ("table", "view", "materialized view", "sequence", "schema", "type", "function", "index")

TROUBLES = (
    Trouble("42501", _denied, says="^permission denied for"),
    Trouble("42501", _owner, says="^must be owner of"),
    Trouble(
        "42501",
        "The role may not do this. Migrate as a role that may, or let a superuser do this one step before",
    ),
)
