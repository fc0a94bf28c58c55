"""What somebody probably meant to type."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like ``word``: a near spelling, or the only name that contains it."""
    from difflib import get_close_matches  # 8 ms, and only mistakes need it

    names = list(names)
    by_lower = {name.lower(): name for name in names}
    if close := get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7):
        return by_lower[close[0]]
    containing = [name for name in names if word and word.lower() in name.lower()]
    if len(containing) == 1:
        return containing[0]
    far = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.55)
    return by_lower[far[0]] if far else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """A sentence for a hint: the nearest name, or all names when none is near."""
    names = list(names)
    if (near := nearest(word, names)) is not None:
        return f"did you mean {near!r}?"
    return f"there is {', '.join(names)}" if names else "there is none yet"
