"""A schema for PostgreSQL in front, and what Prisma refuses behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.rules.scope import Scope, resolve
from greylag.schema.prisma.validation import validate

SOURCE = 'datasource db { // for the tests\n  provider = "postgresql"\n  url      = "x"\n}\n'

Refusals = Callable[..., list[str]]


@pytest.fixture
def refusals() -> Refusals:
    """The messages about a model A with these fields, and more blocks."""

    def about(fields: str, more: str = "") -> list[str]:
        problems = validate(parse(f"{SOURCE}model A {{\n{fields}\n}}\n{more}\n"))
        return [problem.message for problem in problems]

    return about


@pytest.fixture
def refusals_of() -> Refusals:
    """The messages about a whole schema."""
    return lambda text: [problem.message for problem in validate(parse(f"{SOURCE}{text}\n"))]


@pytest.fixture
def scope_of() -> Callable[[str], Scope]:
    """A schema as the rules see it."""

    def make(text: str) -> Scope:
        scope = Scope(parse(f"{SOURCE}{text}\n"))
        resolve(scope)
        return scope

    return make
