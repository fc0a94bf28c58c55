"""What a command that runs outside transactions leaves in the catalog: how to tell whether it took effect."""

from __future__ import annotations

from greylag.model.facts import Effect
from greylag.sql.postgres import name_of, option, split, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.sql.postgres import Command, Node


def effect(command: Command) -> Effect | None:
    """The object to look for after ``command``; None for one that leaves nothing to look for."""
    kind, node = command
    handler = _HANDLERS.get(kind)
    return None if handler is None else handler(node)


def _index_built(node: Node) -> Effect | None:
    if not node.get("concurrent"):
        return None
    table = node.get("relation", {})
    # An index is always in the schema of its table.
    return Effect("index built", table.get("schemaname", ""), node.get("idxname", ""), name_of(table))


def _index_dropped(node: Node) -> Effect | None:
    if not node.get("concurrent") or not node.get("objects"):
        return None
    *schema, name = words(node["objects"][0])
    return Effect("index dropped", schema[-1] if schema else "", name, present=False)


def _index_rebuilt(node: Node) -> Effect | None:
    if not option(node, "params", "concurrently"):
        return None
    relation = node.get("relation", {})
    if node.get("kind") == "REINDEX_OBJECT_INDEX":
        return Effect("index rebuilt", relation.get("schemaname", ""), relation.get("relname", ""))
    schema = (
        node.get("name", "")
        if node.get("kind") == "REINDEX_OBJECT_SCHEMA"
        else relation.get("schemaname", "")
    )
    return Effect("index rebuilt", schema, "", name_of(relation))


def _detached(node: Node) -> Effect | None:
    for entry in node.get("cmds", ()):
        partition = split(entry)[1].get("def", {}).get("PartitionCmd", {})
        if partition.get("concurrent"):
            name = partition.get("name", {})
            parent = name_of(node.get("relation"))
            return Effect("partition detached", name.get("schemaname", ""), name.get("relname", ""), parent)
    return None


_HANDLERS: dict[str, Callable[[Node], Effect | None]] = {
    "AlterTableStmt": _detached,
    "CreateSubscriptionStmt": lambda node: Effect("subscription", "", node.get("subname", "")),
    "CreatedbStmt": lambda node: Effect("database", "", node.get("dbname", "")),
    "DropStmt": _index_dropped,
    "DropSubscriptionStmt": lambda node: Effect("subscription", "", node.get("subname", ""), present=False),
    "DropdbStmt": lambda node: Effect("database", "", node.get("dbname", ""), present=False),
    "IndexStmt": _index_built,
    "ReindexStmt": _index_rebuilt,
}
