"""Where a project keeps its schema.prisma, and which database that speaks of: found as Prisma finds them."""

from __future__ import annotations

import os

from greylag.environments.dotenv import read as read_variables
from greylag.errors import PrismaError, UsageError
from greylag.model.records import NamedTuple
from greylag.schema.prisma.document import Call, Problem, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from greylag.schema.prisma.document import Block, Value

_DEFAULTS = ("schema.prisma", os.path.join("prisma", "schema.prisma"))
_NOT_OURS = frozenset((
    "schema", "connection_limit", "pool_timeout", "socket_timeout", "pgbouncer", "statement_cache_size",
    "sslaccept", "sslidentity", "max_connection_lifetime", "max_idle_connection_lifetime",
    "single_use_connections",
))  # fmt: skip
"""What Prisma understands in a connection string and no server does."""


class Source(NamedTuple):
    """A connection string without what only Prisma understands, and the ``schema`` it names."""

    text: str
    schema: str = "public"


def find_schema(given: str | None, folder: str) -> str:
    """The path of the schema: the one given, package.json's ``prisma.schema``, Prisma's two defaults.

    Raises UsageError where there is none, or where it is a folder of several files.
    """
    if given is not None:
        return _checked(
            os.path.join(folder, given), f"Could not load `--schema` from provided path `{given}`"
        )
    package = _nearest("package.json", folder)
    named = _named_in(package) if package else None
    if package and named is not None:
        said = f'Could not load schema from `{named}` provided by "prisma.schema" config of `package.json`'
        return _checked(os.path.join(os.path.dirname(package), named), said)
    for default in _DEFAULTS:
        path = os.path.join(folder, default)
        if os.path.isfile(path):
            return path
    raise UsageError(
        "there is no schema.prisma here: looked for " + ", ".join(f"./{default}" for default in _DEFAULTS),
        hint='--schema FILE, or "prisma": {"schema": "FILE"} in package.json',
    )


def load_variables(schema: str, folder: str, environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment with what ``.env`` files add to it, and the paths of those that were read.

    As in Prisma: the one beside the nearest package.json, and the first of those beside the schema, in
    ``prisma`` and here. What the environment has already stays. Raises EnvFileError.
    """
    package = _nearest("package.json", folder)
    beside = os.path.join(os.path.dirname(schema), ".env")
    places = [beside, os.path.join(folder, "prisma", ".env"), os.path.join(folder, ".env")]
    found = [os.path.join(os.path.dirname(package), ".env")] if package else []
    found += [path for path in places if os.path.isfile(path)][:1]
    variables = dict(environ)
    read = []
    for path in dict.fromkeys(os.path.realpath(path) for path in found if os.path.isfile(path)):
        for name, value in read_variables(path).items():
            variables.setdefault(name, value)
        read.append(os.path.relpath(path, folder))
    return variables, read


def url_of(datasource: Block, variables: Mapping[str, str]) -> str:
    """The connection string of a datasource: ``directUrl`` before ``url``. Raises PrismaError (P1012)."""
    found = ""
    for key in ("url", "directUrl"):
        value = datasource.setting(key)
        if value is not None:
            found = _resolved(datasource, key, value, variables)
    return found


def source_of(url: str) -> Source:
    """Take a connection string apart for a driver that is not Prisma's."""
    bare, mark, query = url.partition("?")
    kept = []
    schema = "public"
    for pair in query.split("&") if mark else ():
        name, _, value = pair.partition("=")
        if name == "schema" and value:
            from urllib.parse import unquote

            schema = unquote(value)
        elif name == "sslcert":  # of the server's authority, in Prisma
            kept.append(f"sslrootcert={value}")
        elif name not in _NOT_OURS:
            kept.append(pair)
    return Source(f"{bare}?{'&'.join(kept)}" if kept else bare, schema)


def refuse(path: str, text: str, problems: Iterable[Problem], *, ending: str = "") -> PrismaError:
    """Prisma's P1012: what is wrong with the file, with the lines it is about."""
    lines = text.split("\n")
    reports = [_report(problem, path, lines) for problem in problems]
    return PrismaError("P1012", "\n".join(reports) + ending)


def _report(problem: Problem, path: str, lines: list[str]) -> str:
    shown = [f"error: {problem.message}", f"  -->  {path}:{problem.line}", "   | "]
    first = max(problem.line - 1, 1)
    shown += [
        f"{number:2} | {lines[number - 1]}" for number in range(first, min(problem.last, len(lines)) + 1)
    ]
    return "\n".join((*shown, "   | ", ""))


def _resolved(datasource: Block, key: str, value: Value, variables: Mapping[str, str]) -> str:
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Call) and value.name == "env" and value.arguments:
        name = value.arguments[0].value
        if isinstance(name, Text):
            if name.value in variables:
                return variables[name.value]
            line = next(found.line for found in datasource.properties if found.key == key)
            raise PrismaError(
                "P1012",
                f"error: Environment variable not found: {name.value}.\n  -->  line {line} of the schema",
                hint=f"set {name.value}, or --url: greylag dsn TARGET prints that of a target",
            )
    raise PrismaError("P1012", f"error: the {key} of the datasource is neither a string nor env(…)")


def _checked(path: str, said: str) -> str:
    path = os.path.normpath(path)
    if os.path.isdir(path):
        raise UsageError(
            f"{said}: it is a folder, and greylag pulls into one file", hint="name the file: --schema FILE"
        )
    if not os.path.isfile(path):
        raise UsageError(f"{said}: file or directory not found", hint="name the file: --schema FILE")
    return path


def _named_in(package: str) -> str | None:
    import json

    try:
        with open(package, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return None
    settings = found.get("prisma") if isinstance(found, dict) else None
    named = settings.get("schema") if isinstance(settings, dict) else None
    return named if isinstance(named, str) else None


def _nearest(name: str, folder: str) -> str | None:
    return next((path for path in _upwards(name, folder) if os.path.isfile(path)), None)


def _upwards(name: str, folder: str) -> Iterator[str]:
    folder = os.path.abspath(folder)
    while True:
        yield os.path.join(folder, name)
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
