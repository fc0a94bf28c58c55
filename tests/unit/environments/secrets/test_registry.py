"""Asking the sources in their order."""

from __future__ import annotations

import pytest

from greylag.environments.secrets.registry import fetch
from greylag.errors import SecretError
from greylag.model.masking import masked
from greylag.model.target import SecretPlaces
from greylag.model.workspace import KubernetesSecret, Vault

VAULT = Vault("", "secret", "apps/auth", "url")
KUBERNETES = KubernetesSecret("auth-secret", "database-url")


def places(*order: str, vault: Vault = VAULT) -> SecretPlaces:
    return SecretPlaces(order, ("AUTH_X_DEV_URL", "AUTH_DEV_URL"), vault, KUBERNETES, "dev")


@pytest.mark.parametrize("order", [("env",), ("vault", "env"), ("kubernetes", "vault", "env")])
def test_the_environment_answers_wherever_it_stands(order: tuple[str, ...]) -> None:
    assert fetch("auth@dev", places(*order), {"AUTH_DEV_URL": "dsn"}) == ("dsn", "AUTH_DEV_URL")


def refusal(asked: SecretPlaces) -> tuple[str, str | None]:
    with pytest.raises(SecretError) as caught:
        fetch("auth@dev", asked, {"AUTH_URL": "postgres://u:hidden@h/d"})
    assert caught.value.exit_code == 2
    # what faces take out of every output as a possible password must not be in here
    assert (
        masked(f"{caught.value.message}\n{caught.value.hint}")
        == f"{caught.value.message}\n{caught.value.hint}"
    )
    return caught.value.message, caught.value.hint


def test_without_an_answer_the_variables_are_named() -> None:
    assert refusal(places("env")) == (
        "no connection string for auth@dev: AUTH_X_DEV_URL and AUTH_DEV_URL are not set",
        "export AUTH_DEV_URL='postgres://…'",
    )
    one = places("env")._replace(variables=("AUTH_X_DEV_URL",))
    assert refusal(one)[0] == "no connection string for auth@dev: AUTH_X_DEV_URL is not set"


def test_what_is_not_read_yet_is_said_with_the_commands_that_give_the_value() -> None:
    assert refusal(places("env", "vault", "kubernetes")) == (
        "no connection string for auth@dev: AUTH_X_DEV_URL and AUTH_DEV_URL are not set",
        (
            "set AUTH_DEV_URL; this version of greylag does not read Vault and Kubernetes itself\n"
            '  export AUTH_DEV_URL="$(vault kv get -field=url secret/apps/auth)"\n'
            "  export AUTH_DEV_URL=\"$(kubectl get secret auth-secret -n dev -o 'jsonpath={.data.database-url}' "
            '| base64 -d)"'
        ),
    )


def test_a_source_without_a_place_gives_no_command() -> None:
    _, hint = refusal(places("env", "vault", vault=VAULT._replace(path="")))
    assert hint == "set AUTH_DEV_URL; this version of greylag does not read Vault itself"


def test_an_order_without_the_environment_needs_it_added() -> None:
    assert refusal(places("vault")) == (
        "no connection string for auth@dev: [secrets] names only Vault",
        (
            'add "env" to order in [secrets] and set AUTH_DEV_URL; this version of greylag does not read Vault itself\n'
            '  export AUTH_DEV_URL="$(vault kv get -field=url secret/apps/auth)"'
        ),
    )
