"""Tables and views, put together from their parts."""

from __future__ import annotations

from greylag.databases.postgres.catalog.grants import grants_of
from greylag.databases.postgres.catalog.sequences import PERSISTENCE
from greylag.databases.postgres.catalog.texts import options
from greylag.model.catalog.objects import View
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Partition, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias, TypeVar

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.databases.postgres.catalog.columns import Columns
    from greylag.databases.postgres.catalog.inheritance import Inheritance
    from greylag.model.catalog.parts import Column, Options
    from greylag.model.catalog.tables import Constraint, Index, Policy, Rule, TableKind, Trigger

    Row: TypeAlias = list[str]

    Part = TypeVar("Part", Constraint, Index, Trigger, Policy, Rule)

_KINDS: dict[str, TableKind] = {"r": "ordinary", "p": "partitioned", "f": "foreign"}
_REPLICA_IDENTITIES = {"d": "", "f": "full", "n": "nothing", "i": "index"}
_DETACHING = " DETACH PENDING"
"""What psql writes behind the bound of a partition whose DETACH CONCURRENTLY was broken off."""


class Parts:
    """Everything that hangs on relations, by the relation's oid."""

    def __init__(
        self,
        columns: Mapping[str, Columns],
        constraints: Mapping[str, list[Constraint]],
        indexes: Mapping[str, list[Index]],
        triggers: Mapping[str, list[Trigger]],
        policies: Mapping[str, list[Policy]],
        rules: Mapping[str, list[Rule]],
        inheritance: Inheritance,
    ) -> None:
        self._columns = columns
        self.constraints = constraints
        self.indexes = indexes
        self.triggers = triggers
        self.policies = policies
        self.rules = rules
        self.inheritance = inheritance

    def columns(self, oid: str) -> tuple[Column, ...]:
        """The columns of a relation; one without any is a relation too."""
        found = self._columns.get(oid)
        return tuple(found.columns) if found else ()


def tables_and_views(answers: Answers, parts: Parts) -> tuple[list[Table], list[View]]:
    """All relations that have rows."""
    comments = answers.comments("pg_class")
    tables: list[Table] = []
    views: list[View] = []
    for row in answers.rows("relations"):
        comment = comments.get((row[0], "0"), "")
        if row[3] in _KINDS:
            tables.append(_table(row, parts, comment))
        else:
            views.append(_view(row, parts, comment))
    return tables, views


def _table(row: Row, parts: Parts, comment: str) -> Table:
    (
        oid, schema, name, kind, persistence, owner, acl, default_acl, settings, toast_settings, method,
        tablespace, partition_key, bound, type_schema, type_name, row_security, forced, identity, _, server,
        server_options, extension, _,
    ) = row  # fmt: skip
    parents = parts.inheritance.parents(oid)
    partition = None
    if bound and parents:
        partition = Partition(parents[0], bound + (_DETACHING if oid in parts.inheritance.detaching else ""))
    return Table(
        schema,
        name,
        parts.columns(oid),
        _sorted(parts.constraints.get(oid, ())),
        _sorted(parts.indexes.get(oid, ())),
        _sorted(parts.triggers.get(oid, ())),
        _sorted(parts.policies.get(oid, ())),
        _sorted(parts.rules.get(oid, ())),
        _KINDS[kind],
        PERSISTENCE[persistence],
        owner,
        comment,
        grants_of(acl, default_acl),
        _settings(settings, toast_settings, server_options),
        _access_method(method),
        tablespace,
        partition_key,
        partition,
        () if partition else parents,
        Name(type_schema, type_name) if type_name else None,
        row_security == "t",
        forced == "t",
        _REPLICA_IDENTITIES[identity],
        server,
        extension,
    )


def _view(row: Row, parts: Parts, comment: str) -> View:
    (
        oid, schema, name, kind, _, owner, acl, default_acl, settings, toast_settings, method, tablespace, *_,
    ) = row  # fmt: skip
    return View(
        schema,
        name,
        parts.columns(oid),
        row[23],
        "materialized" if kind == "m" else "view",
        _sorted(parts.indexes.get(oid, ())),
        _sorted(parts.triggers.get(oid, ())),
        _sorted(parts.rules.get(oid, ())),
        _settings(settings, toast_settings, ""),
        row[19] == "t",
        owner,
        comment,
        grants_of(acl, default_acl),
        _access_method(method),
        tablespace,
        row[22],
    )


def _settings(own: str, of_toast: str, of_server: str) -> Options:
    """Storage options, those of the TOAST table under the names ALTER TABLE gives them."""
    if not (own or of_toast or of_server):
        return ()
    toast = [("toast." + name, value) for name, value in options(of_toast)]
    return tuple(sorted([*options(own, of_server), *toast]))


def _access_method(method: str) -> str:
    return "" if method == "heap" else method


def _sorted(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.name)) if parts else ()
