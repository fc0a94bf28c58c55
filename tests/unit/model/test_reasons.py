from __future__ import annotations

import errno
import os

from greylag.model.reasons import reason_of


def test_reasons_read_as_in_go() -> None:
    assert reason_of(OSError(errno.ENOENT, os.strerror(errno.ENOENT))) == "no such file or directory"
    assert reason_of(OSError(errno.EISDIR, os.strerror(errno.EISDIR), "x")) == "is a directory"
    assert reason_of(OSError("odd")) == "odd"
