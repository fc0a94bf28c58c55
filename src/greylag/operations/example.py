"""The example workspace that ships with greylag, as a copy one may play with."""

from __future__ import annotations

import os
import shutil

import greylag
from greylag.errors import EditError
from greylag.model.location import Location
from greylag.model.reasons import reason_of

_NAME = "my-girok"


def example_folder() -> str:
    """Where the example lies: inside an installed package, beside the sources in a checkout."""
    package = os.path.dirname(os.path.abspath(greylag.__file__))
    inside = os.path.join(package, "examples", _NAME)
    if os.path.isdir(inside):
        return inside
    return os.path.join(os.path.dirname(os.path.dirname(package)), "examples", _NAME)


def copy_example(folder: str) -> bool:
    """Copy it to ``folder``; False when a copy is there already, which is left as it is. Raises EditError."""
    if os.path.exists(os.path.join(folder, "greylag.toml")):
        return False
    if os.path.isdir(folder) and os.listdir(folder):
        raise EditError(
            "is not empty", where=Location(folder), hint="give another folder: greylag demo FOLDER"
        )
    try:
        shutil.copytree(example_folder(), folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        reason = reason_of(error) if error.strerror else str(error)  # a list of failures has no reason
        raise EditError(f"cannot be made: {reason}", where=Location(folder)) from None
    return True


def has_clickhouse() -> bool:
    """Whether the engine for local ClickHouse databases is installed."""
    from importlib.util import find_spec

    return find_spec("chdb") is not None
