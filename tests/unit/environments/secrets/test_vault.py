"""What one types to see a secret of Vault."""

from __future__ import annotations

import shlex

import pytest

from greylag.environments.secrets.vault import command
from greylag.model.target import SecretPlaces
from greylag.model.workspace import KubernetesSecret, Vault


@pytest.mark.parametrize(
    ("vault", "typed"),
    [
        (Vault("https://vault.girok.dev", "secret", "apps/my-girok/auth-service/postgres", "url"),
         "VAULT_ADDR=https://vault.girok.dev vault kv get -field=url secret/apps/my-girok/auth-service/postgres"),
        (Vault("", "kv", "a b", "auth url"), "vault kv get -field='auth url' 'kv/a b'"),
        (Vault("https://v", "secret", "", "url"), ""),
    ],
)  # fmt: skip
def test_the_command(vault: Vault, typed: str) -> None:
    assert command(SecretPlaces(("vault",), ("X",), vault, KubernetesSecret("", ""), "")) == typed


def test_no_part_of_the_config_becomes_a_command_of_its_own() -> None:
    vault = Vault("$(id)", "m;x", "p`q`", "f|g")
    words = shlex.split(command(SecretPlaces(("vault",), ("X",), vault, KubernetesSecret("", ""), "")))
    assert words == ["VAULT_ADDR=$(id)", "vault", "kv", "get", "-field=f|g", "m;x/p`q`"]
