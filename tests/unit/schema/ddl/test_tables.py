"""What tables become; that it runs and makes the same again is in test_script.py."""

from __future__ import annotations

import pytest

from greylag.model.catalog.objects import Sequence
from greylag.model.catalog.parts import Column, Name, Type
from greylag.model.catalog.tables import Constraint, Index, Key, Partition, Policy, Rule, Table, Trigger
from greylag.schema.ddl.tables import (
    behaviour,
    foreign_keys,
    index_statements,
    sequence_options,
    table_statements,
)

TEXT = Type("text", "text")


def made(table: Table, *parents: Table, sequence: Sequence | None = None) -> list[str]:
    sequences = {Name(sequence.schema, sequence.name): sequence} if sequence else {}
    return list(table_statements(table, sequences, parents))


def test_a_table_with_columns_and_keys() -> None:
    table = Table(
        "public",
        "t",
        (
            Column("id", TEXT, nullable=False, default="next()"),
            Column("g", TEXT, generated="stored", default="lower(id)", comment="made"),
        ),
        (
            Constraint("t_pkey", "primary key", ("id",), definition="PRIMARY KEY (id)"),
            Constraint("later", "check", definition="CHECK (true) NOT VALID", validated=False),
            Constraint("f", "foreign key", definition="FOREIGN KEY (id) REFERENCES u(id)", comment="k"),
        ),
    )
    assert made(table) == [
        (
            "CREATE TABLE t (\n    id text NOT NULL DEFAULT next(),\n"
            "    g text GENERATED ALWAYS AS (lower(id)) STORED,\n    CONSTRAINT t_pkey PRIMARY KEY (id)\n);"
        ),
        "ALTER TABLE t ADD CONSTRAINT later CHECK (true) NOT VALID;",
        "COMMENT ON COLUMN t.g IS 'made';",
    ]
    assert list(foreign_keys(table)) == [
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES u(id);",
        "COMMENT ON CONSTRAINT f ON t IS 'k';",
    ]


def test_an_identity_says_what_is_unusual_of_its_sequence() -> None:
    sequence = Sequence("public", "t_id_seq", "integer", maximum=2147483647, increment=5, internal=True)
    column = Column("id", TEXT, nullable=False, identity="always", sequence=Name("public", "t_id_seq"))
    assert made(Table("public", "t", (column,)), sequence=sequence) == [
        (
            "CREATE TABLE t (\n    id text NOT NULL GENERATED ALWAYS AS IDENTITY "
            "(SEQUENCE NAME t_id_seq INCREMENT 5)\n);"
        )
    ]


@pytest.mark.parametrize(
    ("sequence", "text"),
    [
        (Sequence("", "s"), ""),
        (Sequence("", "s", increment=-1, minimum=-(2**63), maximum=-1, start=-1), " INCREMENT -1"),
        (
            Sequence("", "s", "smallint", maximum=32767, start=7, cache=3, cycle=True),
            " START 7 CACHE 3 CYCLE",
        ),
        (Sequence("", "s", minimum=5, maximum=9, start=5), " MINVALUE 5 MAXVALUE 9"),
    ],
)
def test_options_of_sequences(sequence: Sequence, text: str) -> None:
    assert sequence_options(sequence) == text


def test_a_partition_says_what_differs_from_its_parent() -> None:
    parent = Table("public", "p", (Column("a", TEXT, default="1"), Column("b", TEXT), Column("c", TEXT)))
    part = Table(
        "public",
        "p1",
        (
            Column("a", TEXT, own=False),
            Column("b", TEXT, default="2", own=False),
            Column("c", TEXT, nullable=False, own=False),
        ),
        partition=Partition(Name("public", "p"), "FOR VALUES IN (1)"),
    )
    assert made(part, parent) == [
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);",
        "ALTER TABLE p1 ALTER COLUMN a DROP DEFAULT;",
        "ALTER TABLE p1 ALTER COLUMN b SET DEFAULT 2;",
        "ALTER TABLE p1 ALTER COLUMN c SET NOT NULL;",
    ]


def test_indexes_and_what_is_set_on_them() -> None:
    table = Table("app", "t")
    indexes = [
        Index(
            "i",
            keys=(Key(expression="a+1", statistics=300),),
            clustered=True,
            comment="c",
            definition="CREATE I",
        ),
        Index("of_key", constraint="k", definition="CREATE K", replica_identity=True),
        Index("part", parent=Name("app", "whole"), definition="CREATE P"),
    ]
    assert list(index_statements(table, "app.t", indexes)) == [
        "CREATE I;",
        "ALTER TABLE app.t CLUSTER ON i;",
        "ALTER INDEX app.i ALTER COLUMN 1 SET STATISTICS 300;",
        "COMMENT ON INDEX app.i IS 'c';",
        "ALTER TABLE app.t REPLICA IDENTITY USING INDEX of_key;",
    ]


def test_triggers_policies_and_rules() -> None:
    statements = behaviour(
        "t",
        [
            Trigger("a", definition="CREATE TRIGGER a", enabled="always"),
            Trigger("b", own=False, enabled="disabled"),
        ],
        [Policy("p", "select", permissive=False, roles=("app",), using="x", check="y")],
        [Rule("r", "CREATE RULE r;", "replica", "why")],
    )
    assert list(statements) == [
        "CREATE TRIGGER a;",
        "ALTER TABLE t ENABLE ALWAYS TRIGGER a;",
        "ALTER TABLE t DISABLE TRIGGER b;",
        "CREATE POLICY p ON t AS RESTRICTIVE FOR SELECT TO app USING (x) WITH CHECK (y);",
        "CREATE RULE r;",
        "ALTER TABLE t ENABLE REPLICA RULE r;",
        "COMMENT ON RULE r ON t IS 'why';",
    ]
