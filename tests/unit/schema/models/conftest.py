"""Generated files as modules."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def imported() -> Iterator[Callable[[str], Any]]:
    """Makes a module of a text; it is forgotten after the test."""
    names: list[str] = []

    def load(text: str) -> Any:
        name = f"generated_models_{len(names)}"
        module = ModuleType(name)
        names.append(name)
        sys.modules[name] = module
        exec(compile(text, f"{name}.py", "exec"), module.__dict__)
        return module

    yield load
    for name in names:
        del sys.modules[name]
