"""``tests/unit`` mirrors ``src/greylag`` one to one, both ways."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE, TWINS = ROOT / "src" / "greylag", ROOT / "tests" / "unit"

FIELDS = "fields alone, nothing it does"
EXCEPTIONS = {
    "cli/reference.py": "tests/house/test_reference.py compares its pages with docs/reference",
    "model/care.py": FIELDS,
    "model/catalog/catalog.py": FIELDS,
    "model/catalog/objects.py": FIELDS,
    "model/catalog/parts.py": FIELDS,
    "model/catalog/sight.py": FIELDS,
    "model/catalog/tables.py": FIELDS,
    "model/change.py": FIELDS,
    "model/deeds.py": FIELDS,
    "model/edit.py": FIELDS,
    "model/event.py": FIELDS,
    "model/examination.py": FIELDS,
    "model/facts.py": FIELDS,
    "model/finding.py": FIELDS,
    "model/history.py": FIELDS,
    "model/server.py": FIELDS,
    "model/spread.py": FIELDS,
    "model/target.py": FIELDS,
    "schema/models/kinds.py": FIELDS,
}
"""Modules without a twin, with the reason."""


def twin_of(module: str) -> str:
    folder, _, name = module.rpartition("/")
    return f"{folder}/test_{name}".lstrip("/")


def modules() -> set[str]:
    """All but package files: ``__init__`` holds a docstring, ``__main__`` a call."""
    return {
        path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if not path.name.startswith("__")
    }


def twins() -> set[str]:
    return {path.relative_to(TWINS).as_posix() for path in TWINS.rglob("test_*.py")}


def test_every_module_has_its_twin() -> None:
    assert len(modules()) > 100
    lacking = {module for module in modules() if module not in EXCEPTIONS and twin_of(module) not in twins()}
    assert sorted(lacking) == []


def test_every_twin_has_its_module() -> None:
    assert sorted(twins() - {twin_of(module) for module in modules()}) == []


def test_no_exception_has_outlived_its_reason() -> None:
    assert sorted(set(EXCEPTIONS) - modules()) == []
    assert [module for module in EXCEPTIONS if twin_of(module) in twins()] == []
