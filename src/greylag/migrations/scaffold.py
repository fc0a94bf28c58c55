"""``goose init``: a folder with a first file."""

from __future__ import annotations

import os

from greylag.errors import FilesError
from greylag.migrations.create import SQL_TEXT, create
from greylag.model.reasons import reason_of

_REMARKS = """\
-- Thank you for giving goose a try!
-- 
-- This file was automatically created running goose init. If you're familiar with goose
-- feel free to remove/rename this file, write some SQL and goose up. Briefly,
-- 
-- Documentation can be found here: https://pressly.github.io/goose
--
-- A single goose .sql file holds both Up and Down migrations.
-- 
-- All goose .sql files are expected to have a -- +goose Up annotation.
-- The -- +goose Down annotation is optional, but recommended, and must come after the Up annotation.
-- 
-- The -- +goose NO TRANSACTION annotation may be added to the top of the file to run statements 
-- outside a transaction. Both Up and Down migrations within this file will be run without a transaction.
-- 
-- More complex statements that have semicolons within them must be annotated with 
-- the -- +goose StatementBegin and -- +goose StatementEnd annotations to be properly recognized.
-- 
-- Use GitHub issues for reporting bugs and requesting features, enjoy!

"""  # noqa: W291  # the blanks at the ends are goose's


def scaffold(folder: str, *, now: float, sequential: bool = False) -> str:
    """Make ``folder`` with its parents and a first file in it; give the file's path.

    The file's remarks mention ``+goose``, so goose (and this program) refuses it until they are taken out:
    that is goose's own fault, kept. Raises FilesError, worded as goose words it.
    """
    try:
        os.stat(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise FilesError(f"stat {folder}: {reason_of(error)}") from None
    else:
        raise FilesError(f"directory already exists: {folder}")
    try:
        os.makedirs(folder, mode=0o755)
    except OSError as error:
        raise FilesError(f"mkdir {error.filename}: {reason_of(error)}") from None
    return create(folder, "initial", "sql", now=now, sequential=sequential, text=_REMARKS + SQL_TEXT)
