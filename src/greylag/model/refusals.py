"""What ``greylag up`` does not run although goose would: one text for the run and for the check before it."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Refusal(NamedTuple):
    """``what`` goes on after "the file holds", ``hint`` says what to do about it."""

    what: str
    hint: str


def own_control(word: str) -> Refusal:
    """Transaction control of a file's own; ``word`` is the command, as in ``COMMIT``."""
    return Refusal(
        f"its own transaction control ({word}), which clashes with the transactions that greylag puts around "
        "statements",
        f"take {word} out of the file: greylag runs a file in one transaction, or, where it begins with "
        "-- +goose NO TRANSACTION, statement by statement",
    )


COPIED = Refusal(
    "COPY … FROM stdin, which waits for data that no migration can send",
    "write the rows as INSERT (pg_dump --inserts makes such a dump). If the file is the pg_dump of a "
    "database that is there already, adopt that database instead of running it: greylag baseline VERSION",
)
"""``COPY … FROM stdin``, as pg_dump writes it."""
