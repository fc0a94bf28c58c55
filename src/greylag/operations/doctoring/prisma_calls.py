"""Scripts, images and pipelines in which Prisma changes a database: file, line, and what to write instead."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from greylag.operations.doctoring.finding import warn
from greylag.operations.prisma_ways import WAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target
    from greylag.operations.doctoring.finding import Finding

_SCRIPTS = (
    "package.json", "makefile", "gnumakefile", "*.mk", "justfile", "taskfile.y*ml", "*.sh", "*.bash", "*.zsh",
    "dockerfile*", "*.dockerfile", "containerfile*", "docker-compose*.y*ml", "compose*.y*ml", "procfile",
    "jenkinsfile*", "lefthook.y*ml", ".gitlab-ci*.y*ml", "bitbucket-pipelines.y*ml", "azure-pipelines*.y*ml",
    "skaffold.y*ml", "fly.toml", "railway.*", "vercel.json", "render.y*ml",
)  # fmt: skip
_PIPELINES = (".github", ".gitlab", ".gitea", ".forgejo", ".circleci", ".woodpecker", ".husky")
"""Folders of which every file is looked at, as far as it is text."""
_CHARTS = ("*.yaml", "*.yml", "*.tpl")
_CHART_FOLDERS = ("helm", "chart", "charts", "k8s", "kubernetes", "deploy", "deployment", "manifests")
"""Folders of which the manifests are looked at, as below any folder with a Chart.yaml."""
_PASSED_BY = (
    "node_modules", ".git", ".greylag", ".venv", "venv", "dist", "build", "vendor", "target", "coverage",
    ".next",
)  # fmt: skip
_MOST_FILES, _MOST_BYTES = 20_000, 1_000_000

_CALL = re.compile(
    r"""(?<![\w-])prisma(?:@[\w.^~-]+|/build/index\.js)?[ \t]+
    (?:--[ \t]+|--?[a-z][\w-]*(?:=\S+|[ \t]+(?=\S*[./])\S+)?[ \t]+)*
    (?P<verb>migrate[ \t]+(?:dev|deploy|reset|resolve)|db[ \t]+push)(?![\w:-])""",
    re.VERBOSE,
)
"""The command with options before its verb, of which a path or a file may be a value."""
_MARKS = re.compile(r"[\"'`,\[\]]|\\(?=\r?\n)")
_LIST = re.compile(r"\r?\n[ \t]*-[ \t]+(?=[\w./@:=-]+[ \t]*(?:\r?\n|\Z))")
"""A further item of a YAML list, of one word, as the words of a command stand there."""
_FOLLOWED = re.compile(r"(?<=[ \t])\r?\n[ \t]*")
_SAID = re.compile(r"(?:^|[;&|(:])\s*@?(?:echo|printf)\b[^;&|]*$")


class Call(NamedTuple):
    """A call of ``verb`` (``migrate deploy``) at a line of a file; ``path`` is as it was looked for."""

    path: str
    line: int
    verb: str


def judge_calls(target: Target, resolution: Resolution) -> Iterator[Finding]:
    """A warning for every call in the folder of the target's service, and with the first target at the root.

    Several databases of one service are told once. Paths are relative to the working folder.
    """
    for folder, but in _folders(target, resolution):
        for call in calls_below(folder, but):
            yield warn(
                f"{os.path.relpath(call.path)}:{call.line} calls prisma {call.verb}, "
                "and goose's migrations alone change a database",
                WAYS[call.verb],
            )


def _folders(target: Target, resolution: Resolution) -> Iterator[tuple[str, list[str]]]:
    """Folders to look through, each with those of other services, which are left out."""
    workspace, first = resolution.workspace, resolution.targets[0].name == target.name
    if workspace is None or not target.service:
        if first:
            yield resolution.root, []
        return
    homes = [service.folder for service in workspace.services.values()]
    home = workspace.services[target.service].folder
    if next(each.name for each in resolution.targets if each.service == target.service) == target.name:
        yield home, [each for each in homes if each != home]
    if first and workspace.root not in homes:
        yield workspace.root, homes


def calls_below(folder: str, but: Collection[str] = ()) -> Iterator[Call]:
    """Every call in the files below a folder that are run by people, images, clusters and pipelines."""
    left_out = {os.path.realpath(each) for each in but}
    seen = 0
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _PASSED_BY and os.path.realpath(os.path.join(at, name)) not in left_out
        )
        parts = os.path.relpath(at, folder).split(os.sep)
        for name in sorted(files):
            seen += 1
            if seen > _MOST_FILES:
                return
            if _is_run(parts, name, charted="Chart.yaml" in files or parts[-1] == "templates"):
                path = os.path.join(at, name)
                yield from (Call(path, line, verb) for line, verb in calls_in(_text(path), name))


def _is_run(parts: list[str], name: str, *, charted: bool) -> bool:
    lower = name.lower()
    if any(fnmatchcase(lower, each) for each in _SCRIPTS) or any(part in _PIPELINES for part in parts):
        return True
    in_chart = charted or any(part.lower() in _CHART_FOLDERS for part in parts)
    return in_chart and any(fnmatchcase(lower, each) for each in _CHARTS)


def _text(path: str) -> str:
    try:
        if os.path.getsize(path) > _MOST_BYTES:
            return ""
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""


def calls_in(text: str, name: str = "") -> list[tuple[int, str]]:
    """Lines and verbs of the calls in a file's text, also where the words are a list or go over lines.

    Comments, and what is only said (``echo``), are no calls.
    """
    if "prisma" not in text:
        return []
    # every replacement is as long as what it replaces, so that places stay places
    even = _MARKS.sub(" ", text)
    if name.lower().endswith((".yaml", ".yml", ".tpl")):
        even = _LIST.sub(lambda found: " " * len(found[0]), even)
    even = (
        _FOLLOWED.sub(lambda found: " " * len(found[0]), even) if "\\\n" in text or "\\\r" in text else even
    )
    commented = not name.lower().endswith(".json")
    found = []
    for call in _CALL.finditer(even):
        before = even[even.rfind("\n", 0, call.start()) + 1 : call.start()]
        if (commented and re.search(r"(?:^|\s)#|^\s*//", before)) or _SAID.search(before):
            continue
        found.append((text.count("\n", 0, call.start()) + 1, " ".join(call["verb"].split())))
    return found
