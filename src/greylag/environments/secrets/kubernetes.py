"""The source ``kubernetes``: a Secret in the environment's namespace."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.target import SecretPlaces


def command(places: SecretPlaces) -> str:
    """``kubectl get secret`` for the key that holds the connection string, decoded."""
    from shlex import quote  # only errors show it

    name, key = places.kubernetes
    if not name:
        return ""
    path = "jsonpath={.data." + key.replace(".", r"\.") + "}"
    return f"kubectl get secret {quote(name)} -n {quote(places.namespace)} -o {quote(path)} | base64 -d"
