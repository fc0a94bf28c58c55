"""What the journal keeps of a file: its hashes, and its text."""

from __future__ import annotations

import os
import re
import zlib

from greylag.migrations.parser import STREAM_ABOVE
from greylag.model.care import Record
from greylag.model.digest import sha256
from greylag.sql.tokens import normalised, redacted, statement_hash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from greylag.model.migration import Migration, Statement

_CHUNK = 1024 * 1024
_SMALL = 4096
"""Up to here a window of this size is enough; making the usual one takes ten times as long as filling it."""
_ANNOTATION = re.compile(r"^([ \t]*--[^\n]*\+goose[^\n]*)$", re.MULTILINE)


def read_record(migration: Migration, *, keep: bool = True, form: str = "postgres") -> Record:
    """The record of a file on disk; ``form`` is that of Opening. Raises OSError.

    The text of a file above STREAM_ABOVE is not kept, and its normal hash is the raw one: a changed comment
    counts as an edit there. ``keep`` False leaves the text out.
    """
    if os.stat(migration.path).st_size > STREAM_ABOVE:
        return _record_of_large(migration)
    with open(migration.path, "rb") as file:
        return record_of(migration.version, migration.name, file.read(), keep=keep, form=form)


def record_of(
    version: int, name: str, content: bytes, *, keep: bool = True, form: str = "postgres"
) -> Record:
    """The record of a file whose bytes are at hand."""
    packed = _packed(content, form) if keep else b""
    return Record(version, name, sha256(content).digest(), file_hash(content, form), packed)


def file_hash(content: bytes, form: str = "postgres") -> bytes:
    """The normal hash of a file: over its annotations and the normal form of what stands between them."""
    text = content.decode("utf-8", "surrogateescape")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    between, *rest = _ANNOTATION.split(text)
    normal = normaliser(form)
    parts = [normal(between)]
    for annotation, between in zip(rest[::2], rest[1::2], strict=True):
        parts += (" ".join(annotation.replace("--", "").split()).lower(), normal(between))
    return sha256("\x00".join(parts).encode("utf-8", "surrogateescape")).digest()


def statement_hashes(statements: Iterable[Statement], form: str = "postgres") -> list[bytes]:
    """The hash of each statement's normal form, in order."""
    if form == "postgres":
        return [statement_hash(statement.text) for statement in statements]
    normal = normaliser(form)
    return [
        sha256(normal(statement.text).encode("utf-8", "surrogateescape")).digest() for statement in statements
    ]


def normaliser(form: str) -> Callable[[str], str]:
    """What makes the normal form of a text.

    PostgreSQL's folds case and knows no backslashes: of two ClickHouse statements it would make one.
    """
    if form == "clickhouse":
        from greylag.sql.clickhouse.tokens import normalised as exact

        return exact
    return normalised


def _packed(content: bytes, form: str) -> bytes:
    text = content.decode("utf-8", "surrogateescape")
    if form == "clickhouse":
        from greylag.sql.clickhouse.secrets import redacted as blanked

        text = blanked(text)
    else:
        text = redacted(text)
    data = text.encode("utf-8", "surrogateescape")
    if len(data) > _SMALL:
        return zlib.compress(data, 1)
    packer = zlib.compressobj(6, zlib.DEFLATED, 12, 4)
    return packer.compress(data) + packer.flush()


def _record_of_large(migration: Migration) -> Record:
    digest = sha256()
    with open(migration.path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return Record(migration.version, migration.name, digest.digest(), digest.digest())
