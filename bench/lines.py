"""What every case works with, and the line of the table that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    import servers
    from measure import Run


class Bench(NamedTuple):
    """What every case works with."""

    postgres: servers.Postgres
    scratch: Path
    peer: str
    """The real goose."""
    goose: str
    greylag: str
    """greylag's two scripts, from the folder of this interpreter."""
    quick: bool

    def size(self, full: int, small: int) -> int:
        """``full``, or ``small`` with --quick."""
        return small if self.quick else full


class Line(NamedTuple):
    """A line of the table: figures as text, the ratio ours / theirs, and whether it is what is wanted."""

    case: str
    theirs: str
    ours: str
    ratio: float | None
    wanted: str
    fine: bool
    note: str = ""


def compare_seconds(case: str, theirs: Run, ours: Run, most: float, note: str = "") -> Line:
    """Wall time, of which ours may be ``most`` times theirs."""
    ratio = ours.seconds / theirs.seconds
    return Line(
        case, f"{theirs.seconds:.3f} s", f"{ours.seconds:.3f} s", ratio, f"<= {most:.2f}", ratio <= most, note
    )
