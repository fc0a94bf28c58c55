from __future__ import annotations

import pytest

NO_TYPE = "The {} index type does not support the type of the field `a`."
NO_CLASS = "The {} index field type `{}` has no default operator class."


@pytest.mark.parametrize(
    ("field", "algorithm", "fault"),
    [
        ("Int", "Gist", NO_TYPE.format("Gist")),
        ("String @db.Inet", "Gist", NO_CLASS.format("Gist", "Inet")),
        ("String", "Gin", NO_TYPE.format("Gin")),
        ("Json @db.Json", "Gin", NO_CLASS.format("Gin", "Json")),
        ("Int", "SpGist", NO_TYPE.format("SpGist")),
        ("String @db.Uuid", "SpGist", NO_CLASS.format("SpGist", "Uuid")),
        ("Boolean", "Brin", NO_TYPE.format("Brin")),
        ("Decimal @db.Money", "Brin", NO_CLASS.format("Brin", "Money")),
    ],
)
def test_kinds_of_indexes_that_cannot_hold_a_type(refusals, field: str, algorithm: str, fault: str) -> None:
    found = refusals(f"  id Int @id\n  a {field}\n  @@index([a], type: {algorithm})")
    assert found == [f'Error parsing attribute "@@index": {fault}']


@pytest.mark.parametrize(
    ("field", "index"),
    [
        ("String", "[a], type: Gist"),
        ("Int", '[a(ops: raw("gist_int4_ops"))], type: Gist'),
        ("String @db.Inet", "[a(ops: InetOps)], type: Gist"),
        ("Json", "[a], type: Gin"),
        ("Int[]", "[a], type: Gin"),
        ('Unsupported("tsvector")', "[a], type: Gin"),
        ("String @db.Inet", "[a], type: SpGist"),
        ("DateTime @db.Timestamptz(6)", "[a], type: Brin"),
        ("Boolean", "[a], type: Hash"),
        ("Boolean", "[a], type: BTree"),
    ],
)
def test_kinds_of_indexes_that_can(refusals, field: str, index: str) -> None:
    assert refusals(f"  id Int @id\n  a {field}\n  @@index({index})") == []
