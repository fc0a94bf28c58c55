"""What differs between engines in how a file is read for a careful run; ``form`` is that of Opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from greylag.model.facts import Facts
    from greylag.model.migration import Script, Statement


def examiner(form: str) -> Callable[[str], Facts]:
    """What reads one statement. The other engine's reader is not even imported."""
    if form == "clickhouse":
        from greylag.sql.clickhouse.facts import examine as of_clickhouse

        return of_clickhouse
    from greylag.sql.facts import examine

    return examine


def as_run(script: Script, form: str) -> Script:
    """The script as a careful run takes it: for ClickHouse outside transactions, which it has none of.

    A block with several statements is then several, because the server takes one at a time.
    """
    if form != "clickhouse":
        return script
    statements = _Split(script.statements)
    return script._replace(statements=statements, count=sum(1 for _ in statements), transactional=False)


class _Split:
    """Statements of blocks, split whenever they are asked for: a large file is streamed from disk."""

    def __init__(self, blocks: Iterable[Statement]) -> None:
        self._blocks = blocks

    def __iter__(self) -> Iterator[Statement]:
        from greylag.sql.clickhouse.blocks import split

        for block in self._blocks:
            yield from split(block)
