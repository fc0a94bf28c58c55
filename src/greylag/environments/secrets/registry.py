"""Which word of ``order`` means which source. A new source is one line here."""

from __future__ import annotations

from greylag.environments.secrets import kubernetes, variables, vault
from greylag.environments.secrets.source import Source
from greylag.errors import SecretError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.model.target import SecretPlaces

SOURCES = {
    "env": Source("environment variables", ask=variables.ask),
    "vault": Source("Vault", command=vault.command),
    "kubernetes": Source("Kubernetes", command=kubernetes.command),
}


def fetch(name: str, places: SecretPlaces, environ: Mapping[str, str]) -> tuple[str, str]:
    """The connection string of the target ``name`` and what messages call its place.

    The first source in the target's order that answers is taken. Raises SecretError when none does; it says
    which variable to set, and how the value is had from the sources greylag does not read itself.
    """
    for word in places.order:
        source = SOURCES[word]
        if source.ask and (answer := source.ask(places, environ)):
            return answer
    raise SecretError(f"no connection string for {name}: {_asked(places)}", hint=_hint(places))


def _asked(places: SecretPlaces) -> str:
    if "env" not in places.order:
        return f"[secrets] names only {_unread(places)}"
    names = " and ".join(places.variables)
    return f"{names} {'is' if len(places.variables) == 1 else 'are'} not set"


def _unread(places: SecretPlaces) -> str:
    return " and ".join(SOURCES[word].title for word in places.order if SOURCES[word].command)


def _hint(places: SecretPlaces) -> str:
    variable = places.variables[-1]
    unread = _unread(places)
    if not unread:
        return f"export {variable}='postgres://…'"
    lines = [f"set {variable}; this version of greylag does not read {unread} itself"]
    if "env" not in places.order:
        lines = [f'add "env" to order in [secrets] and {lines[0]}']
    for word in places.order:
        command = SOURCES[word].command
        if command and (line := command(places)):
            lines.append(f'  export {variable}="$({line})"')
    return "\n".join(lines)
