"""Which table locks a command asks for on relations that were there before, by its place in the parse tree.

The modes are those measured on PostgreSQL 16. A relation the text does not name (the table of a dropped
index, the other end of a foreign key, whatever CASCADE reaches) counts for the mode and stays without name.
A read (ACCESS SHARE, and ROW SHARE of FOR UPDATE) is not listed: nothing but ACCESS EXCLUSIVE stops it.
"""

from __future__ import annotations

from greylag.sql.postgres import name_of, option, qualified, split, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.sql.postgres import Command, Node

    Claim = tuple[str, str]
    """A lock mode in SQL's words and the relation as the text names it, or an empty name."""

MODES = (
    "",
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""Weakest first; a mode stands at the number the server gives it."""
_ROWS, _SUE, _SHARE, _SRE, _EXCLUSIVE, _AE = MODES[3], MODES[4], MODES[5], MODES[6], MODES[7], MODES[8]

_MILD = frozenset(
    f"AT_{kind}"
    for kind in (
        *("SetStatistics", "SetOptions", "ResetOptions", "ClusterOn", "DropCluster", "ValidateConstraint"),
        *("AttachPartition", "DetachPartitionFinalize"),
    )
)
"""Kinds of ALTER TABLE that let readers and writers pass. A kind in no table here is ACCESS EXCLUSIVE."""
_TRIGGERS = frozenset(
    f"AT_{verb}Trig{which}"
    for verb in ("Enable", "Disable", "EnableAlways", "EnableReplica")
    for which in ("", "All", "User")
)
_STRICT_OPTIONS = frozenset(
    (
        *("user_catalog_table", "security_barrier", "security_invoker", "check_option", "buffering"),
        *("fastupdate", "gin_pending_list_limit", "pages_per_range", "autosummarize"),
    )
)
"""Storage options whose change is ACCESS EXCLUSIVE (reloptions.c); the others are not."""
_RELATIONS = frozenset(
    f"OBJECT_{kind}" for kind in ("TABLE", "VIEW", "MATVIEW", "INDEX", "SEQUENCE", "FOREIGN_TABLE")
)
_ON_A_TABLE = frozenset(("OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"))
"""Objects whose name is that of their table with one part more."""


def claims(command: Command) -> Iterator[Claim]:
    """The locks of one command, in the order of the text; nothing for a command that has none."""
    kind, node = command
    handler = _HANDLERS.get(kind)
    if handler is not None:
        yield from handler(node)


def _on(mode: str, field: str = "relation") -> Callable[[Node], Iterator[Claim]]:
    def handler(node: Node) -> Iterator[Claim]:
        if field in node:
            yield mode, name_of(node[field])

    return handler


def _alter_table(node: Node) -> Iterator[Claim]:
    table = name_of(node.get("relation"))
    for entry in node.get("cmds", ()):
        _, step = split(entry)
        kind, definition = step.get("subtype", ""), step.get("def", {})
        yield _alter_mode(kind, definition), table
        if kind in ("AT_AttachPartition", "AT_DetachPartition", "AT_DetachPartitionFinalize"):
            partition = definition.get("PartitionCmd", {})
            if not partition.get("concurrent"):
                yield _AE, name_of(partition.get("name"))
        elif kind == "AT_AddInherit":
            yield _SUE, name_of(definition.get("RangeVar"))
        else:
            yield from _parents(definition)


def _alter_mode(kind: str, definition: Node) -> str:
    if kind in ("AT_SetRelOptions", "AT_ResetRelOptions"):
        names = {
            entry.get("DefElem", {}).get("defname") for entry in definition.get("List", {}).get("items", ())
        }
        return _AE if names & _STRICT_OPTIONS else _SUE
    if kind == "AT_DetachPartition" and definition.get("PartitionCmd", {}).get("concurrent"):
        return _SUE
    if kind == "AT_AddConstraint":
        return _SRE if _is_foreign(definition.get("Constraint", {})) else _AE
    if kind in _TRIGGERS:
        return _SRE
    return _SUE if kind in _MILD else _AE


def _is_foreign(constraint: Node) -> bool:
    return constraint.get("contype") == "CONSTR_FOREIGN"


def _parents(definition: Node) -> Iterator[Claim]:
    """The tables that a column or a constraint refers to."""
    constraints = [
        entry.get("Constraint", {}) for entry in definition.get("ColumnDef", {}).get("constraints", ())
    ]
    for constraint in [*constraints, definition.get("Constraint", {})]:
        if _is_foreign(constraint):
            yield _SRE, name_of(constraint.get("pktable"))


def _create_table(node: Node) -> Iterator[Claim]:
    node = node.get("base", node)
    new = name_of(node.get("relation"))
    for parent in node.get("inhRelations", ()):
        yield _AE if "partbound" in node else _SUE, name_of(parent.get("RangeVar"))
    for element in node.get("tableElts", ()):
        yield from (claim for claim in _parents(element) if claim[1] != new)


def _create_schema(node: Node) -> Iterator[Claim]:
    for element in node.get("schemaElts", ()):
        yield from claims(split(element))


def _create_view(node: Node) -> Iterator[Claim]:
    if node.get("replace"):
        yield _AE, name_of(node.get("view"))


def _index(node: Node) -> Iterator[Claim]:
    yield _SUE if node.get("concurrent") else _SHARE, name_of(node.get("relation"))


def _drop(node: Node) -> Iterator[Claim]:
    kind = node.get("removeType", "")
    for entry in node.get("objects", ()):
        if kind in _RELATIONS:
            yield _SUE if node.get("concurrent") else _AE, qualified(words(entry))
        elif kind in _ON_A_TABLE:
            yield _AE, qualified(words(entry)[:-1])
        elif kind == "OBJECT_STATISTIC_EXT":
            yield _SUE, ""
        elif node.get("behavior") == "DROP_CASCADE":
            yield _AE, ""


def _rename(node: Node) -> Iterator[Claim]:
    if "relation" in node:
        yield _SUE if node.get("renameType") == "OBJECT_INDEX" else _AE, name_of(node["relation"])


def _lock(node: Node) -> Iterator[Claim]:
    for entry in node.get("relations", ()):
        yield MODES[node.get("mode", 8)], name_of(entry.get("RangeVar"))


def _many(mode: str) -> Callable[[Node], Iterator[Claim]]:
    def handler(node: Node) -> Iterator[Claim]:
        for entry in node.get("relations", ()):
            yield mode, name_of(entry.get("RangeVar"))

    return handler


def _vacuum(node: Node) -> Iterator[Claim]:
    mode = _AE if option(node, "options", "full") else _SUE
    for entry in node.get("rels", ()) or [{}]:
        yield mode, name_of(entry.get("VacuumRelation", {}).get("relation"))


def _cluster(node: Node) -> Iterator[Claim]:
    yield _AE, name_of(node.get("relation"))


def _reindex(node: Node) -> Iterator[Claim]:
    # Without CONCURRENTLY the table has SHARE, but each index ACCESS EXCLUSIVE, which stops planning.
    yield _SUE if option(node, "params", "concurrently") else _AE, name_of(node.get("relation"))


def _refresh(node: Node) -> Iterator[Claim]:
    yield _EXCLUSIVE if node.get("concurrent") else _AE, name_of(node.get("relation"))


def _comment(node: Node) -> Iterator[Claim]:
    kind = node.get("objtype")
    if kind in _RELATIONS:
        yield _SUE, qualified(words(node["object"]))
    elif kind == "OBJECT_COLUMN":
        yield _SUE, qualified(words(node["object"])[:-1])


def _domain(node: Node) -> Iterator[Claim]:
    unchecked = node.get("def", {}).get("Constraint", {}).get("skip_validation", False)
    if node.get("subtype") in ("C", "O", "V") and not unchecked:
        yield _SHARE, ""


def _publication(node: Node) -> Iterator[Claim]:
    for entry in node.get("pubobjects", ()):
        table = entry.get("PublicationObjSpec", {}).get("pubtable")
        if table:
            yield _SUE, name_of(table.get("relation"))


def _copy(node: Node) -> Iterator[Claim]:
    if node.get("is_from"):
        yield _ROWS, name_of(node.get("relation"))


def _explain(node: Node) -> Iterator[Claim]:
    yield from claims(split(node["query"]))


def _anything(_: Node) -> Iterator[Claim]:
    yield _AE, ""


_HANDLERS: dict[str, Callable[[Node], Iterator[Claim]]] = {
    "AlterDomainStmt": _domain,
    "AlterObjectDependsStmt": _on(_AE),
    "AlterObjectSchemaStmt": _on(_AE),
    "AlterPolicyStmt": _on(_AE, "table"),
    "AlterPublicationStmt": _publication,
    "AlterSeqStmt": _on(_SRE, "sequence"),
    "AlterTableMoveAllStmt": _anything,
    "AlterTableStmt": _alter_table,
    "ClusterStmt": _cluster,
    "CommentStmt": _comment,
    "CopyStmt": _copy,
    "CreateForeignTableStmt": _create_table,
    "CreatePolicyStmt": _on(_AE, "table"),
    "CreatePublicationStmt": _publication,
    "CreateSchemaStmt": _create_schema,
    "CreateStatsStmt": _many(_SUE),
    "CreateStmt": _create_table,
    "CreateTrigStmt": _on(_SRE),
    "DeleteStmt": _on(_ROWS),
    "DropOwnedStmt": _anything,
    "DropStmt": _drop,
    "ExplainStmt": _explain,
    "IndexStmt": _index,
    "InsertStmt": _on(_ROWS),
    "LockStmt": _lock,
    "MergeStmt": _on(_ROWS),
    "RefreshMatViewStmt": _refresh,
    "ReindexStmt": _reindex,
    "RenameStmt": _rename,
    "RuleStmt": _on(_AE),
    "SecLabelStmt": _comment,
    "TruncateStmt": _many(_AE),
    "UpdateStmt": _on(_ROWS),
    "VacuumStmt": _vacuum,
    "ViewStmt": _create_view,
}
