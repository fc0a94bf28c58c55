"""Commands that cannot run inside a transaction block, that end one, or that may be run twice.

From PreventInTransactionBlock in the sources of PostgreSQL 16; what depends on the catalog (REINDEX or
CLUSTER of a partitioned table, a subscription without a slot) counts as the text alone says.
"""

from __future__ import annotations

import re

from greylag.sql.postgres import option, split, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.sql.postgres import Command, Node

_CONTROL = {
    "TRANS_STMT_BEGIN": "BEGIN",
    "TRANS_STMT_START": "START TRANSACTION",
    "TRANS_STMT_COMMIT": "COMMIT",
    "TRANS_STMT_ROLLBACK": "ROLLBACK",
    "TRANS_STMT_PREPARE": "PREPARE TRANSACTION",
    "TRANS_STMT_COMMIT_PREPARED": "COMMIT PREPARED",
    "TRANS_STMT_ROLLBACK_PREPARED": "ROLLBACK PREPARED",
}
"""Savepoints are not here: they stay inside. END is COMMIT to the parser, ABORT is ROLLBACK."""
_WIDE = frozenset(("REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE"))


def control(command: Command) -> str:
    """The command of transaction control that this is, or nothing."""
    kind, node = command
    return _CONTROL.get(node.get("kind", ""), "") if kind == "TransactionStmt" else ""


def is_alone(command: Command) -> bool:
    """Whether the server refuses the command in a transaction block, or it may end one (CALL, DO)."""
    kind, node = command
    if kind == "TransactionStmt":
        return control(command) in ("COMMIT PREPARED", "ROLLBACK PREPARED")
    return kind in _ALONE and _ALONE[kind](node)


def is_repeatable(command: Command) -> bool:
    """Whether a command run again after it took effect does the same, without an error."""
    kind, node = command
    return kind in _REPEATABLE and _REPEATABLE[kind](node)


def _always(_: Node) -> bool:
    return True


def _concurrent(node: Node) -> bool:
    return bool(node.get("concurrent"))


def _missing_ok(node: Node) -> bool:
    return bool(node.get("missing_ok"))


def _moves(node: Node) -> bool:
    return option(node, "options", "tablespace") is not None


def _without_table(node: Node) -> bool:
    return "relation" not in node


def _detaches(node: Node) -> bool:
    steps = (split(entry)[1].get("def", {}) for entry in node.get("cmds", ()))
    return any(step.get("PartitionCmd", {}).get("concurrent") for step in steps)


def _is_vacuum(node: Node) -> bool:
    return bool(node.get("is_vacuumcmd"))


def _reindexes_apart(node: Node) -> bool:
    return node.get("kind") in _WIDE or option(node, "params", "concurrently") is True


def _makes_slot(node: Node) -> bool:
    return (
        option(node, "options", "connect") is not False
        and option(node, "options", "create_slot") is not False
    )


def _refreshes(node: Node) -> bool:
    kind = node.get("kind", "")
    if kind == "ALTER_SUBSCRIPTION_REFRESH":
        return True
    return kind.endswith("_PUBLICATION") and option(node, "options", "refresh") is not False


def _refreshes_the_same(node: Node) -> bool:
    return node.get("kind") in ("ALTER_SUBSCRIPTION_REFRESH", "ALTER_SUBSCRIPTION_SET_PUBLICATION")


def _discards_all(node: Node) -> bool:
    return node.get("target") == "DISCARD_ALL"


def _may_end(node: Node) -> bool:
    """A DO can only end a transaction by a command of its body, or by a procedure that it calls."""
    options = (entry.get("DefElem", {}) for entry in node.get("args", ()))
    return any(each.get("defname") == "as" and _ENDS.search(value(each["arg"])) for each in options)


_ENDS = re.compile(r"\b(?:commit|rollback|call)\b", re.IGNORECASE)

_ALONE: dict[str, Callable[[Node], bool]] = {
    "AlterDatabaseStmt": _moves,
    "AlterSubscriptionStmt": _refreshes,
    "AlterSystemStmt": _always,
    "AlterTableStmt": _detaches,
    "CallStmt": _always,
    "ClusterStmt": _without_table,
    "CreateSubscriptionStmt": _makes_slot,
    "CreateTableSpaceStmt": _always,
    "CreatedbStmt": _always,
    "DiscardStmt": _discards_all,
    "DoStmt": _may_end,
    "DropStmt": _concurrent,
    "DropSubscriptionStmt": _always,
    "DropTableSpaceStmt": _always,
    "DropdbStmt": _always,
    "IndexStmt": _concurrent,
    "ReindexStmt": _reindexes_apart,
    "VacuumStmt": _is_vacuum,
}
# CREATE INDEX CONCURRENTLY IF NOT EXISTS is not here: the second run keeps an invalid index of the first.
_REPEATABLE: dict[str, Callable[[Node], bool]] = {
    "AlterDatabaseStmt": _always,
    "AlterSubscriptionStmt": _refreshes_the_same,
    "AlterSystemStmt": _always,
    "CheckPointStmt": _always,
    "ClusterStmt": _always,
    "CommentStmt": _always,
    "DiscardStmt": _always,
    "DropStmt": _missing_ok,
    "DropSubscriptionStmt": _missing_ok,
    "DropTableSpaceStmt": _missing_ok,
    "DropdbStmt": _missing_ok,
    "RefreshMatViewStmt": _always,
    "ReindexStmt": _always,
    "VacuumStmt": _always,
    "VariableSetStmt": _always,
}
