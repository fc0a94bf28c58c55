"""The source ``env``: connection strings in environment variables named after the target."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.model.target import SecretPlaces


def variable_names(service: str, key: str, environment: str, *, only: bool) -> tuple[str, ...]:
    """The variables of a target, the most telling first.

    ``AUTH_SERVICE_GIROK_AUTH_DEV_URL``; the service's ``only`` database also has ``AUTH_SERVICE_DEV_URL``.
    """
    names = (f"{service}_{key}_{environment}_URL", *([f"{service}_{environment}_URL"] if only else []))
    return tuple(_name(each) for each in names)


def ask(places: SecretPlaces, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The first variable that is set and not empty: its value and its name."""
    for name in places.variables:
        if value := environ.get(name, "").strip():
            return value, name
    return None


def _name(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]", "_", text).upper()
    return f"_{name}" if name[0].isdigit() else name  # a shell cannot set a variable that begins with a digit
