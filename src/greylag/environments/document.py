"""``greylag.toml`` as typed values, with every mistake placed at its key."""

from __future__ import annotations

import re

from greylag.environments.key_places import key_places
from greylag.environments.kinds import NAME, BadValueError, found
from greylag.environments.nearest import nearest
from greylag.environments.settings import SETTINGS
from greylag.errors import WorkspaceError
from greylag.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.environments.key_places import KeyPath
    from greylag.environments.settings import Setting

    Table = dict[str, object]

_POSITION = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")
_NAME_HINT = "a name begins with a letter or digit and goes on with these, '.', '_' and '-'"
_BY_PATH = {setting.path: setting for setting in SETTINGS}


def _children_by_path() -> dict[tuple[str, ...], list[str]]:
    """For every path of SETTINGS the keys that may follow it, in the table's order."""
    children: dict[tuple[str, ...], list[str]] = {}
    for path in _BY_PATH:
        keys = path.split(".")
        for depth, key in enumerate(keys):
            siblings = children.setdefault(tuple(keys[:depth]), [])
            if key not in siblings:
                siblings.append(key)
    return children


_CHILDREN = _children_by_path()
_HINTS = {
    "cannot overwrite a value": "this key was written before: keep one of the two",
    "cannot declare": "this table was written before: put the keys of both into one",
    "invalid value": 'texts stand in quotes: name = "value"',
    "invalid statement": "a line is a [table], a key = value or a # comment",
}


class Document:
    """A config file whose keys and values are all known and of the right kind."""

    def __init__(self, text: str, path: str) -> None:
        """Check ``text``, of a file that messages call ``path``. Raises WorkspaceError, for all mistakes."""
        self.path = path
        self._tables = _parsed(text, path)
        self._places = key_places(text)
        self._values: dict[tuple[str, ...], object] = {}
        mistakes = list(self._check(self._tables, (), ()))
        raise_first(mistakes)

    def names(self, *path: str) -> list[str]:
        """The keys of a table in the order of the file; none when it is not there."""
        table: object = self._tables
        for key in path:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        return list(table) if isinstance(table, dict) else []

    def has(self, *path: str) -> bool:
        """Whether the file itself holds a key or table."""
        return path in self._places

    def get(self, *path: str) -> object:
        """A key's typed value, else its default, else None."""
        if path in self._values:
            return self._values[path]
        setting = _BY_PATH[".".join(_form(path))]
        return None if setting.default is None else setting.kind.read(setting.default)

    def mistake(self, path: KeyPath, message: str, hint: str | None = None) -> WorkspaceError:
        """An error that points at a key, or at the nearest table above it that the file holds."""
        while path and path not in self._places:
            path = path[:-1]
        return WorkspaceError(message, where=Location(self.path, *self._places.get(path, (0, 0))), hint=hint)

    def _check(self, table: Table, path: tuple[str, ...], form: tuple[str, ...]) -> Iterator[WorkspaceError]:
        known = _CHILDREN.get(form, [])
        for key, value in table.items():
            here = (*path, key)
            child = key if key in known else "*" if "*" in known else None
            if child is None:
                yield self.mistake(here, f"unknown key {key!r} {_inside(path)}", _hint(key, value, known))
            elif child == "*" and not NAME.fullmatch(key):
                yield self.mistake(here, f"{key!r} {_inside(path)} cannot be a name", _NAME_HINT)
            else:
                yield from self._check_value(value, here, (*form, child))

    def _check_value(
        self, value: object, path: tuple[str, ...], form: tuple[str, ...]
    ) -> Iterator[WorkspaceError]:
        setting = _BY_PATH.get(".".join(form))
        children = _CHILDREN.get(form, [])
        if children and isinstance(value, dict):
            yield from self._check(value, path, form)
        elif setting is not None:
            yield from self._check_setting(setting, value, path)
        else:
            header, pair = f"[{'.'.join(path)}]", f"{path[-1]} = {{ {children[0]} = … }}"
            message = f"{path[-1]!r} {_inside(path[:-1])} wants a table; found {found(value)}"
            yield self.mistake(path, message, f"for example: {header if '*' in children else pair}")

    def _check_setting(
        self, setting: Setting, value: object, path: tuple[str, ...]
    ) -> Iterator[WorkspaceError]:
        try:
            self._values[path] = setting.kind.read(value)
        except BadValueError as error:
            message = f"{path[-1]!r} {_inside(path[:-1])} wants {setting.kind.wanted}; {error.problem}"
            at: KeyPath = path if error.item is None else (*path, error.item)
            yield self.mistake(
                at, message, error.hint or f"for example: {path[-1]} = {toml(setting.example)}"
            )


def raise_first(mistakes: list[WorkspaceError]) -> None:
    """Raise the mistake that stands first in the file, if there is one; it carries the others."""
    if mistakes:
        first, *others = sorted(mistakes, key=lambda each: each.where[1:] if each.where else (0, 0))
        first.others = tuple(others)
        raise first


def toml(value: object) -> str:
    """A value as one writes it in TOML: texts, lists of texts, true and false."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _parsed(text: str, path: str) -> Table:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Python 3.14 gives the position as numbers, older ones in the text alone
        problem = str(error)
        position = _POSITION.search(problem)
        problem = (problem[: position.start()] if position else problem).strip()
        problem = problem[:1].lower() + problem[1:]
        lines = text.rstrip("\n").split("\n")
        line, column = len(lines), len(lines[-1]) + 1
        if position and position[1]:
            line, column = int(position[1]), int(position[2])
        hint = next((hint for start, hint in _HINTS.items() if problem.startswith(start)), None)
        raise WorkspaceError(
            f"this is no TOML: {problem}", where=Location(path, line, column), hint=hint
        ) from None
    except RecursionError:
        where = Location(path, 1, 1)  # where the depth begins is not known
        raise WorkspaceError("lists or tables are nested too deeply", where=where) from None


def _form(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path of the file as SETTINGS has it: the user's own names are stars."""
    form: tuple[str, ...] = ()
    for key in path:
        form = (*form, "*" if _CHILDREN.get(form, []) == ["*"] else key)
    return form


def _inside(path: tuple[str, ...]) -> str:
    return f"in [{'.'.join(path)}]" if path else "at the top of the file"


def _hint(key: str, value: object, known: list[str]) -> str:
    if isinstance(value, str) and "://" in value and "@" in value:
        return "connection strings do not stand in this file: give them in the variables that [secrets] reads"
    near = nearest(key, known)
    homes = [path.rpartition(".")[0] for path in _BY_PATH if path.rpartition(".")[2] == key]
    if homes:
        return f"{key!r} belongs in [{min(homes, key=lambda home: home.count('*'))}]"
    return f"did you mean {near!r}?" if near else f"known here: {', '.join(known)}"
