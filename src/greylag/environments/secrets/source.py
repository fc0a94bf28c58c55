"""What a source of connection strings is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greylag.model.target import SecretPlaces


class Source(NamedTuple):
    """One word of ``order`` in ``[secrets]``.

    ``ask`` gives the connection string and what messages call its place, or None; it takes the environment
    variables. A source that the config may name and greylag does not read yet has ``command`` instead: what a
    person types to see the value, empty when the config does not say enough for one.
    """

    title: str
    ask: Callable[[SecretPlaces, Mapping[str, str]], tuple[str, str] | None] | None = None
    command: Callable[[SecretPlaces], str] | None = None
