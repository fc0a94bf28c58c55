"""The blocks of settings, generator and datasource: read for what they ask of a pull, and written anew."""

from __future__ import annotations

from greylag.schema.prisma.document import Array, Call, Number, Text, Word
from greylag.schema.prisma.names import quoted
from greylag.schema.prisma.rendering import Rendered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.schema.prisma.document import Block, Value

_GENERATOR = ("provider", "output", "previewFeatures", "binaryTargets")
_DATASOURCE = ("provider", "url", "directUrl", "shadowDatabaseUrl", "relationMode", "schemas")


class Settings:
    """What a file's settings say about a pull. ``schemas`` is empty where none are listed."""

    def __init__(self, generators: Sequence[Block], datasource: Block) -> None:
        self.name = datasource.name
        self.schemas = sorted(_texts(datasource.setting("schemas")))
        self.features = {
            feature for block in generators for feature in _texts(block.setting("previewFeatures"))
        }
        mode = datasource.setting("relationMode")
        self.keys = not (isinstance(mode, Text) and mode.value == "prisma")
        """Whether relations are those of the database's foreign keys."""


def settings_blocks(generators: Sequence[Block], datasource: Block) -> list[Rendered]:
    """The blocks as Prisma writes them anew: generators first, known settings before others.

    The datasource's ``extensions`` are lost: so in Prisma 6.19.3, whether they are installed or not.
    """
    return [*map(_generator, generators), _datasource(datasource)]


def _generator(block: Block) -> Rendered:
    written = Rendered("generator", block.name, [])
    settings = {setting.key: setting.value for setting in block.properties}
    others = sorted(key for key in settings if key not in _GENERATOR)
    for key in (*_GENERATOR, *others):
        value = settings.get(key)
        if value is None:
            continue
        if key == "previewFeatures":
            text = f"[{', '.join(map(quoted, sorted(set(_texts(value)))))}]"
        elif key == "binaryTargets":
            targets = value.values if isinstance(value, Array) else (value,)
            if not targets:
                continue
            text = f"[{', '.join(map(_written, targets))}]"
        else:
            text = _written(value)
        written.add((key, f"= {text}"))
    return written


def _datasource(block: Block) -> Rendered:
    written = Rendered("datasource", block.name, [])
    settings = {setting.key: setting.value for setting in block.properties}
    for key in _DATASOURCE:
        value = settings.get(key)
        text = ""
        if key == "schemas":
            names = sorted(_texts(value))
            text = f"[{', '.join(map(quoted, names))}]" if names else ""
        elif value is not None:
            text = _written(value)
        if text:
            written.add((key, f"= {text}"))
    return written


def _written(value: Value) -> str:
    """A value of a setting: everything that is no list and no environment variable becomes a string."""
    match value:
        case Text():
            return quoted(value.value)
        case Number():
            return quoted(value.text)
        case Word():
            return quoted(value.name)
        case Array():
            return f"[{', '.join(map(_written, value.values))}]"
        case Call():
            arguments = [_written(found.value) for found in value.arguments if found.value is not None]
            return f"{value.name}({', '.join(arguments)})"


def _texts(value: Value | None) -> list[str]:
    values = value.values if isinstance(value, Array) else (value,)
    return [found.value for found in values if isinstance(found, Text)]
