"""Statements for a cluster as a single embedded engine can run them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

_SKIPPED = (
    r"--[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|'(?:[^'\\]|\\.)*(?:'|\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\Z)|`(?:[^`\\]|\\.)*(?:`|\Z)"
)
_NAME = r"(?:'[^']*'|\"[^\"]*\"|`[^`]*`|\{\w+\}|\w+)"
_ARGUMENT = r"(?:[^()'\"`]|'(?:[^'\\]|\\.)*'|\"[^\"]*\"|`[^`]*`|\([^()]*\))"
_PATTERN = (
    rf"(?P<skipped>{_SKIPPED})"
    rf"|(?P<cluster>\s*\bON\s+CLUSTER\s+{_NAME})"
    rf"|(?P<engine>\bENGINE\s*=?\s*)Replicated(?P<kind>\w*MergeTree)\b(?P<given>\s*\((?P<words>{_ARGUMENT}*)\))?"
    rf"|(?P<database>\bENGINE\s*=?\s*)Replicated\b(?:\s*\({_ARGUMENT}*\))?"
)


def local_form(text: str) -> tuple[str, bool]:
    """``text`` without ON CLUSTER and with plain engines for Replicated ones, and whether that changed it.

    The embedded engine has neither a DDL queue nor other replicas: the former is refused (392), the latter
    can be created and never written to. Blanks take the place of what goes, so that everything else stays
    where it was: errors name positions, and a comment ends with its line.
    """
    low = text.lower()
    if "cluster" not in low and "replicated" not in low:
        return text, False
    import re

    found = re.sub(_PATTERN, _rewritten, text, flags=re.IGNORECASE | re.DOTALL)
    return (found.rstrip(), True) if found != text else (text, False)


def _rewritten(match: Match[str]) -> str:
    if match["skipped"] is not None:
        return match[0]
    if match["cluster"] is not None:
        return "".join("\n" if char == "\n" else " " for char in match[0])
    if match["database"] is not None:
        local = f"{match['database']}Atomic"
    else:
        local = f"{match['engine']}{match['kind']}{_without_path(match['words'])}"
    return local.ljust(len(match[0]))


def _without_path(words: str | None) -> str:
    """The arguments of the plain engine: those behind the path and the replica's name."""
    if words is None:
        return ""
    arguments = _split(words)
    if arguments and arguments[0].startswith("'"):
        arguments = arguments[2:]
    return f"({', '.join(arguments)})"


def _split(words: str) -> list[str]:
    import re

    return [found.strip() for found in re.findall(rf"(?:(?!,){_ARGUMENT})+", words) if found.strip()]
