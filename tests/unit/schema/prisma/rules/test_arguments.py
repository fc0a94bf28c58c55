from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ("  id Int @id(1)", ["No such argument."]),
        ("  id Int @id\n  a Int @map(\"x\", \"y\")", ["No such argument."]),
        ("  id Int @id\n  a Int @map(\"x\", foo: 1)", ["No such argument."]),
        ("  id Int @id\n  a Int @map", ['Argument "name" is missing.']),
        ("  id Int @id\n  a Int @default()", ['Argument "value" is missing.']),
        ("  id Int @id\n  @@index(map: \"x\")", ['Argument "fields" is missing.']),
        ("  id Int @id\n  a Int @map(\"x\", name: \"y\")", ['Argument "name" is already specified as unnamed argument.']),
        ("  id Int @id(map: \"x\", map: \"y\")", ['Argument "map" is already specified.']),
        ("  id Int @id(map:)", ['Error parsing attribute "@id": The `map` argument is missing a value.']),
        ("  id Int @id @foo", ['Attribute not known: "@foo".']),
        ("  id Int @id\n  @@foo(1)", ['Attribute not known: "@foo".']),
        ("  id Int @id @map(\"a\") @map(\"b\")", ['Attribute "@map" can only be defined once.'] * 2),
        ("  id Int @id\n  @@map(\"a\")\n  @@map(\"b\")", ['Attribute "@map" can only be defined once.'] * 2),
        ("  id Json @id @db.Json @db.JsonB", ['Attribute "@db" can only be defined once.']),
    ],
)  # fmt: skip
def test_arguments(refusals, fields: str, faults: list[str]) -> None:
    assert refusals(fields) == faults


def test_attributes_that_may_stand_there_often(refusals) -> None:
    assert (
        refusals(
            "  id Int @id\n  a Int\n  @@index([a])\n  @@index([id])\n  @@unique([a])\n  @@unique([id, a])"
        )
        == []
    )


def test_the_needed_argument_may_be_named(refusals) -> None:
    assert (
        refusals(
            '  id Int @id @map(name: "x") @default(value: 1)\n  @@index(fields: [id])\n  @@map(name: "y")'
        )
        == []
    )


@pytest.mark.parametrize("field", ['@default("x",)', "@default(uuid(4,))", '@map("x",)', "@unique(,)"])
def test_a_last_comma(refusals, field: str) -> None:
    (fault,) = refusals(f"  id String @id\n  a String {field}")
    assert fault.endswith("Trailing commas are not valid in attribute arguments, please remove the comma.")
