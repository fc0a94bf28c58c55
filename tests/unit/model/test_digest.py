"""SHA-256 from wherever Python has it."""

from __future__ import annotations

import hashlib
import sys

from greylag.model import digest


def test_it_is_sha256() -> None:
    assert digest.sha256(b"greylag").digest() == hashlib.sha256(b"greylag").digest()
    parts = digest.sha256()
    parts.update(b"grey")
    parts.update(b"lag")
    assert parts.hexdigest() == hashlib.sha256(b"greylag").hexdigest()


def test_hashlib_does_where_python_has_no_code_of_its_own(monkeypatch) -> None:
    for module in ("_sha2", "_sha256"):
        monkeypatch.setitem(sys.modules, module, None)
    assert digest._find() is hashlib.sha256
