"""What one types to see a Secret of Kubernetes."""

from __future__ import annotations

import pytest

from greylag.environments.secrets.kubernetes import command
from greylag.model.target import SecretPlaces
from greylag.model.workspace import KubernetesSecret, Vault


@pytest.mark.parametrize(
    ("secret", "typed"),
    [
        (KubernetesSecret("my-girok-dev-auth-service-secret", "database-url"),
         ("kubectl get secret my-girok-dev-auth-service-secret -n dev-my-girok "
         "-o 'jsonpath={.data.database-url}' | base64 -d")),
        (KubernetesSecret("s", "db.url"), r"kubectl get secret s -n dev-my-girok -o 'jsonpath={.data.db\.url}' | base64 -d"),
        (KubernetesSecret("", "database-url"), ""),
    ],
)  # fmt: skip
def test_the_command(secret: KubernetesSecret, typed: str) -> None:
    places = SecretPlaces(("kubernetes",), ("X",), Vault("", "", "", ""), secret, "dev-my-girok")
    assert command(places) == typed
