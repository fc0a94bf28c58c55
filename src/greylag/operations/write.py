"""The one place that writes files greylag derives: whole or not at all, and never over somebody's change."""

from __future__ import annotations

import contextlib
import os

from greylag.errors import EditError
from greylag.model.location import Location
from greylag.model.reasons import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.model.edit import Edit


def read(path: str) -> str | None:
    """A file's text with its line ends as they are; None when there is no file. Raises EditError.

    A device or a pipe, such as ``/dev/stdout``, holds nothing.
    """
    if path.endswith(os.sep):
        raise EditError("is the name of a folder, and a file is wanted", where=Location(path))
    if _is_stream(path):
        return ""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EditError(f"cannot be read: {reason_of(error)}", where=Location(path)) from None
    except UnicodeDecodeError:
        raise EditError("is no UTF-8 text", where=Location(path)) from None


def diff(edit: Edit) -> str:
    """The edit as a unified diff, empty when nothing changes."""
    from difflib import unified_diff

    before = (edit.before or "").splitlines(keepends=True)
    after = edit.after.splitlines(keepends=True)
    old = "/dev/null" if edit.before is None else f"a/{_label(edit.path)}"
    lines = unified_diff(before, after, old, f"b/{_label(edit.path)}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def write(edits: Iterable[Edit]) -> list[str]:
    """Write every edit that changes something and give the paths written.

    All are checked before the first is written: a file that is no longer what the edit was made from stops
    them all. A file is replaced in one step and keeps its mode; missing folders are made. Raises EditError.
    """
    changes = [edit for edit in edits if edit.before != edit.after]
    for edit in changes:
        if read(edit.path) != edit.before:
            appeared = "is there by now" if edit.before is None else "was changed meanwhile"
            raise EditError(
                f"{appeared}: nothing is written", where=Location(edit.path), hint="run this again"
            )
    for edit in changes:
        try:
            if edit.before is None:
                _create(edit)
            else:
                _replace(edit)
        except OSError as error:
            raise EditError(f"cannot be written: {reason_of(error)}", where=Location(edit.path)) from None
    return [edit.path for edit in changes]


def _create(edit: Edit) -> None:
    os.makedirs(os.path.dirname(edit.path) or ".", exist_ok=True)
    with open(edit.path, "x", encoding="utf-8", newline="") as file:
        file.write(edit.after)


def _replace(edit: Edit) -> None:
    path = os.path.realpath(edit.path)  # a link keeps pointing at the file it points at
    if _is_stream(path):  # it takes text, and is not to be replaced by a file
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(edit.after)
        return
    draft = f"{path}.greylag-{os.getpid()}"
    try:
        with open(draft, "x", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), os.stat(path).st_mode & 0o7777)
            file.write(edit.after)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)


def _is_stream(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _label(path: str) -> str:
    return os.path.relpath(path).replace(os.sep, "/")
