"""The reference page of ``greylag.toml``: ``python -m greylag.environments.reference`` writes it."""

from __future__ import annotations

import sys

from greylag.environments.document import toml
from greylag.environments.durations import UNITS
from greylag.environments.settings import SECTIONS, SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.environments.settings import Setting

_HEAD = """\
<!-- Written by `make docs` from src/greylag/environments/settings.py: change that file. -->
# `greylag.toml`

The config file stands at the root of the repository. greylag finds it from every folder below;
`GREYLAG_CONFIG` names another one. `greylag init` writes it for the services it finds.

Every key may be left out. An unknown key, a value of the wrong kind and a contradiction are errors that
point at line and column and name the nearest key.

A *duration* is a number and a unit ({units}); a month is 30 days and a year 365.
A *pattern* is a text in which the named `{{placeholders}}` are filled in; `{{database}}` is a database's key.
Folders are relative to the folder of the config file where nothing else is said. Keys marked *later* are
checked and kept; the verbs that use them come with a later version.

A whole file stands in [`examples/my-girok/greylag.toml`](../../examples/my-girok/greylag.toml).
"""


def describe() -> str:
    """The whole page."""
    head = _HEAD.format(units=", ".join(f"`{unit}`" for unit in UNITS))
    return head + "".join("\n" + "\n".join(_section(path, text)) + "\n" for path, text in SECTIONS.items())


def _section(section: str, meaning: str) -> Iterator[str]:
    yield f"## `[{section.replace('*', 'NAME')}]`"
    yield ""
    yield meaning
    yield ""
    yield "| for example | takes | default | meaning |"
    yield "|---|---|---|---|"
    for setting in SETTINGS:
        if _home(setting) == section:
            yield f"| {_example(setting)} | {_takes(setting)} | {_default(setting)} | {_meaning(setting)} |"


def _home(setting: Setting) -> str:
    """The longest section that a key is in."""
    return max((each for each in SECTIONS if setting.path.startswith(f"{each}.")), key=len)


def _example(setting: Setting) -> str:
    key = setting.path.removeprefix(f"{_home(setting)}.")
    return f"`{key} = {toml(setting.example)}`"


def _meaning(setting: Setting) -> str:
    return f"*Later.* {setting.meaning}" if setting.later else setting.meaning


def _takes(setting: Setting) -> str:
    return setting.kind.name.replace("{", "`{").replace("}", "}`").replace('"', "`")


def _default(setting: Setting) -> str:
    return setting.otherwise or ("" if setting.default is None else f"`{toml(setting.default)}`")


if __name__ == "__main__":
    sys.stdout.write(describe())
