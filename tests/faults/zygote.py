"""greylag loaded once and forked for every run: what a hundred runs would spend on starting Python.

As a program it obeys lines of JSON on stdin: ``["start", argv, folder, output]`` answers a process id,
``["wait", pid]`` and ``["poll", pid]`` answer an exit code as subprocess has it, or null.
"""

from __future__ import annotations

import contextlib
import json
import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

LOADED = ("greylag.cli", "greylag.operations", "greylag.databases.postgres", "greylag.sql")


class Zygote:
    """The test's side."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def _ask(self, *request: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, words: list[str], folder: Path, output: Path) -> int:
        return int(self._ask("start", words, str(folder), str(output)))

    def wait(self, pid: int) -> int:
        return int(self._ask("wait", pid))

    def poll(self, pid: int) -> int | None:
        return self._ask("poll", pid)  # type: ignore[no-any-return]

    def close(self) -> None:
        self._process.communicate(timeout=60)


def _run(words: list[str], folder: str, output: str) -> None:
    os.setsid()
    os.chdir(folder)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (file, 1), (file, 2)):
        os.dup2(source, target)
    os.environ.update(NO_COLOR="1", GIT_CEILING_DIRECTORIES=str(Path(folder).parent))
    sys.argv = ["greylag", *words]
    import_module("greylag.cli.main").main()


def _obey(ended: dict[int, int], verb: str, *words: Any) -> int | None:
    if verb == "start":
        pid = os.fork()
        if pid == 0:
            _run(*words)
            sys.exit(0)
        return pid
    (pid,) = words
    if pid not in ended:
        found, status = os.waitpid(pid, os.WNOHANG if verb == "poll" else 0)
        if not found:
            return None
        ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid]


def _serve() -> None:
    for name in LOADED:
        for module in pkgutil.walk_packages(import_module(name).__path__, f"{name}."):
            if module.name.endswith("__main__"):
                continue
            with contextlib.suppress(
                ImportError
            ):  # it is loaded for speed alone: a run will say what is wrong
                import_module(module.name)
    ended: dict[int, int] = {}
    while line := sys.stdin.readline():
        print(json.dumps(_obey(ended, *json.loads(line))), flush=True)


if __name__ == "__main__":
    _serve()
