"""The source ``vault``: a key-value secret of HashiCorp Vault."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.target import SecretPlaces


def command(places: SecretPlaces) -> str:
    """``vault kv get`` for the field that holds the connection string."""
    from shlex import quote  # only errors show it

    vault = places.vault
    if not vault.path:
        return ""
    address = f"VAULT_ADDR={quote(vault.address)} " if vault.address else ""
    return f"{address}vault kv get -field={quote(vault.field)} {quote(f'{vault.mount}/{vault.path}')}"
