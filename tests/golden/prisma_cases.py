"""Golden cases of schema.prisma: ``NAME/input.prisma`` in, its layout and what Prisma refuses in it out.

``python -m tests.golden.prisma_cases`` accepts. tests/peers/test_prisma_format.py asks the real Prisma the same.
"""

from __future__ import annotations

from pathlib import Path

from greylag.schema.prisma.layout import lay_out
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.validation import validate

FOLDER = Path(__file__).parent / "prisma"
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def read(name: str, file: str = "input.prisma") -> str:
    return (FOLDER / name / file).read_bytes().decode("utf-8")


def problems(text: str) -> str:
    """One line for each: the line of the file, and Prisma's sentence."""
    return "".join(f"{problem.line}: {problem.message}\n" for problem in validate(parse(text)))


def main() -> None:
    for name in CASES:
        text = read(name)
        (FOLDER / name / "expected.prisma").write_bytes(lay_out(text).encode("utf-8"))
        (FOLDER / name / "problems.txt").write_text(problems(text), encoding="utf-8")


if __name__ == "__main__":
    main()
