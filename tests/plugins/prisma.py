"""The real Prisma 6.19.3, where this machine has it (tools/prisma brings it through npm)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(__file__).resolve().parents[2] / ".peers" / "prisma"
NONE = "no Prisma 6.19.3 on this machine: make peers brings it where Node and npm are"

# One line in, one line out: thousands of schemas in the time in which the command starts once.
SERVER = """
const wasm = require('@prisma/prisma-schema-wasm')
const verbs = {
  format: text => JSON.parse(wasm.format(
    JSON.stringify([['schema.prisma', text]]),
    JSON.stringify({ textDocument: { uri: 'file:/dev/null' }, options: { tabSize: 2, insertSpaces: true } }),
  ))[0][1],
  validate: text => {
    wasm.validate(JSON.stringify({ prismaSchema: [['schema.prisma', text]], noColor: true }))
    return ''
  },
}
require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const [verb, text] = JSON.parse(line)
  let answer
  try { answer = verbs[verb](text) } catch (error) { answer = JSON.parse(error.message).message }
  process.stdout.write(JSON.stringify(answer) + '\\n')
})
"""
ERROR = re.compile(r"^error: (.*?)\n  -->  schema\.prisma:(\d+)$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def prisma_folder() -> Path:
    """The folder with Prisma's packages; the test is skipped where it or Node is missing."""
    if shutil.which("node") is None or not (HOME / "version").is_file():
        pytest.skip(NONE)
    return HOME


class PrismaLanguage:
    """Prisma's own parser, formatter and validator in one process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def _ask(self, verb: str, text: str) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([verb, text]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def format(self, text: str) -> str:
        """What ``prisma format`` writes."""
        return str(self._ask("format", text))

    def problems(self, text: str) -> list[tuple[int, str]]:
        """What ``prisma validate`` refuses: lines and sentences."""
        return [(int(line), message) for message, line in ERROR.findall(self._ask("validate", text))]


@pytest.fixture(scope="session")
def prisma_language(prisma_folder: Path) -> Iterator[PrismaLanguage]:
    """Prisma's parser, formatter and validator."""
    process = subprocess.Popen(
        ["node", "-e", SERVER],
        cwd=prisma_folder,
        env={"PATH": os.environ["PATH"], "NO_COLOR": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        yield PrismaLanguage(process)
        assert process.stdin
        process.stdin.close()
