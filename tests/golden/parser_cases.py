"""Golden cases of the parser: ``NAME.sql`` in, ``NAME.json`` out. ``python -m tests.golden.parser_cases`` accepts."""

from __future__ import annotations

import json
from pathlib import Path

from greylag.errors import ParseError
from greylag.migrations.parser import ParseOptions, parse
from greylag.model.migration import Migration

FOLDER = Path(__file__).parent / "parser"
VARIABLES = {"TABLE": "log"}


def outcome(path: Path) -> dict[str, object]:
    """Both directions of a file as plain data: statements with their places, or the error with its place."""
    result: dict[str, object] = {}
    migration = Migration(1, str(path))
    for direction in ("up", "down"):
        try:
            script = parse(migration, direction, ParseOptions(lookup=VARIABLES.get))
        except ParseError as error:
            place = f"{error.where.line}:{error.where.column}" if error.where else ""
            result[direction] = {"error": error.message, "at": place, "hint": error.hint}
            continue
        result["transactional"] = script.transactional
        result[direction] = [
            {"at": f"{s.line}:{s.column}", "text": s.text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")}
            for s in script.statements
        ]  # fmt: skip
    return result


def main() -> None:
    for path in sorted(FOLDER.glob("*.sql")):
        text = json.dumps(outcome(path), indent=1, ensure_ascii=False) + "\n"
        path.with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
