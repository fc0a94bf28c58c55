"""What a protected target answers to a verb that goes back: how to get the same by going forward."""

from __future__ import annotations

from greylag.errors import TargetError

BACK = ("down", "down-to", "redo", "reset")
"""Verbs that take migrations back, and with them data."""


def refusal(target: str, verb: str, version: int | None) -> TargetError:
    """The error for a verb of BACK on the protected ``target``; ``version`` is what down-to was given."""
    return TargetError(
        f"{target} is protected: {verb} is refused there", hint=forward_recipe(target, verb, version)
    )


def forward_recipe(target: str, verb: str, version: int | None) -> str:
    """The commands that undo the same migrations by a new one, as far as they can be known unconnected."""
    command, unknown = _reversal(verb, version)
    steps = [
        "go forward instead:",
        f"  greylag {command} {target}" + (f"   (greylag version {target} tells it)" if unknown else ""),
        "  read the file it prints: what has come since is lost where it drops something",
    ]
    if verb == "redo":
        steps.append(f"  greylag new NAME {target}, and write what is to be done anew")
    steps.append("  git commit it and ship it as any change: greylag up applies it")
    return "\n".join(steps)


def _reversal(verb: str, version: int | None) -> tuple[str, bool]:
    """The reversing command, and whether a placeholder is in it."""
    if verb == "reset":
        return "new --reverse-to 0", False
    if verb == "down-to" and version is not None:
        return f"new --reverse-to {version}", False
    return "new --reverse VERSION", True
