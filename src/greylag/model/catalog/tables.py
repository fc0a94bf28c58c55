"""Tables and what hangs on them: constraints, indexes, triggers, policies, rules, projections."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from greylag.model.catalog.parts import Column, Grants, Name, Options

    ConstraintKind = Literal["primary key", "unique", "foreign key", "check", "exclude", "not null", "assume"]
    Action = Literal["no action", "restrict", "cascade", "set null", "set default"]
    Match = Literal["simple", "full", "partial"]
    Enabled = Literal["origin", "always", "replica", "disabled"]
    TableKind = Literal["ordinary", "partitioned", "foreign"]
    Persistence = Literal["permanent", "unlogged", "temporary"]
else:
    ConstraintKind = Action = Match = Enabled = TableKind = Persistence = str


class Reference(NamedTuple):
    """Where a foreign key points. ``set_columns`` are those of ON DELETE SET NULL (…), empty for all."""

    table: Name
    columns: tuple[str, ...]
    on_update: Action = "no action"
    on_delete: Action = "no action"
    match: Match = "simple"
    set_columns: tuple[str, ...] = ()


class Constraint(NamedTuple):
    """A constraint. ``expression`` is that of a check, ``definition`` what the engine prints for the whole.

    ``columns`` are in key order, those of a check in column order. ``index_name`` is the one behind it.
    ``own`` is False where a table or a partition has it from its parent alone. ``enforced`` is False where
    the server has been told not to look: NOT ENFORCED, or a foreign key whose triggers are disabled.
    """

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...] = ()
    expression: str = ""
    references: Reference | None = None
    index_name: str = ""
    deferrable: bool = False
    deferred: bool = False
    validated: bool = True
    no_inherit: bool = False
    own: bool = True
    comment: str = ""
    definition: str = ""
    enforced: bool = True


class Key(NamedTuple):
    """A key of an index: a column, or else an ``expression``.

    ``opclass`` is named whether it is the type's default or not. ``collation`` is empty for the column's own.
    """

    column: str = ""
    expression: str = ""
    opclass: str = ""
    default_opclass: bool = True
    opclass_options: Options = ()
    collation: str = ""
    descending: bool = False
    nulls_first: bool = False
    statistics: int = -1


class Index(NamedTuple):
    """An index, also one behind a constraint, which ``constraint`` then names.

    ``parent`` is the index of the partitioned table that it is a part of. In ClickHouse a data skipping
    index: ``method`` is its type as written (``bloom_filter(0.01)``).
    """

    name: str
    method: str = "btree"
    unique: bool = False
    keys: tuple[Key, ...] = ()
    include: tuple[str, ...] = ()
    predicate: str = ""
    constraint: str = ""
    nulls_distinct: bool = True
    valid: bool = True
    options: Options = ()
    tablespace: str = ""
    clustered: bool = False
    replica_identity: bool = False
    parent: Name | None = None
    granularity: int = 0
    comment: str = ""
    definition: str = ""


class Trigger(NamedTuple):
    """A trigger. ``events`` are SQL's words (``update``); ``function`` is what it calls."""

    name: str
    timing: str = ""
    events: tuple[str, ...] = ()
    each_row: bool = True
    columns: tuple[str, ...] = ()
    condition: str = ""
    function: Name | None = None
    enabled: Enabled = "origin"
    own: bool = True
    comment: str = ""
    definition: str = ""


class Policy(NamedTuple):
    """A row security policy. No ``roles``: PUBLIC."""

    name: str
    command: str = "all"
    permissive: bool = True
    roles: tuple[str, ...] = ()
    using: str = ""
    check: str = ""
    comment: str = ""


class Rule(NamedTuple):
    """A rewrite rule of a table or a view; a view's own SELECT is not listed."""

    name: str
    definition: str
    enabled: Enabled = "origin"
    comment: str = ""


class Projection(NamedTuple):
    """A projection of a ClickHouse table. ``kind`` is ``normal``, ``aggregate`` or ``index``."""

    name: str
    query: str
    kind: str = ""
    options: Options = ()


class Partition(NamedTuple):
    """Which part of which table a partition is; ``bound`` as the engine prints it."""

    of: Name
    bound: str


class Table(NamedTuple):
    """A table with everything that goes away with it.

    ``partition_key`` is there for a partitioned one; ``parents`` are the tables it inherits from, in their
    order. ``replica_identity`` is empty for the default, else ``full``, ``nothing`` or ``index``. ``server``
    and its options (in ``options``) are those of a foreign table. ``extension`` names the one it is a member
    of. ClickHouse has ``engine`` (with its arguments), ``order_by``, ``primary_key``, ``sample_by``, ``ttl``
    and ``projections``. SQLite has WITHOUT ROWID and STRICT in ``options``.
    """

    schema: str
    name: str
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[Policy, ...] = ()
    rules: tuple[Rule, ...] = ()
    kind: TableKind = "ordinary"
    persistence: Persistence = "permanent"
    owner: str = ""
    comment: str = ""
    grants: Grants = None
    options: Options = ()
    access_method: str = ""
    tablespace: str = ""
    partition_key: str = ""
    partition: Partition | None = None
    parents: tuple[Name, ...] = ()
    of_type: Name | None = None
    row_security: bool = False
    force_row_security: bool = False
    replica_identity: str = ""
    server: str = ""
    extension: str = ""
    engine: str = ""
    order_by: str = ""
    primary_key: str = ""
    sample_by: str = ""
    ttl: str = ""
    projections: tuple[Projection, ...] = ()
