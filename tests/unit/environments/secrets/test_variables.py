"""The source env: names of variables and what they hold."""

from __future__ import annotations

import pytest

from greylag.environments.secrets.variables import ask, variable_names
from greylag.model.target import SecretPlaces
from greylag.model.workspace import KubernetesSecret, Vault

PLACES = SecretPlaces(
    ("env",), ("A_X_DEV_URL", "A_DEV_URL"), Vault("", "", "", ""), KubernetesSecret("", ""), ""
)


@pytest.mark.parametrize(
    ("words", "only", "names"),
    [
        (
            ("auth-service", "girok_auth", "dev"),
            True,
            ("AUTH_SERVICE_GIROK_AUTH_DEV_URL", "AUTH_SERVICE_DEV_URL"),
        ),
        (("identity-service", "auth", "prod"), False, ("IDENTITY_SERVICE_AUTH_PROD_URL",)),
        (("a.b", "c-d", "eu-west.1"), True, ("A_B_C_D_EU_WEST_1_URL", "A_B_EU_WEST_1_URL")),
        (("2fa", "codes", "dev"), True, ("_2FA_CODES_DEV_URL", "_2FA_DEV_URL")),
    ],
)
def test_variables_are_named_after_the_target(
    words: tuple[str, str, str], only: bool, names: tuple[str, ...]
) -> None:
    assert variable_names(*words, only=only) == names


@pytest.mark.parametrize(
    ("environ", "answer"),
    [
        ({"A_DEV_URL": "short", "A_X_DEV_URL": "long"}, ("long", "A_X_DEV_URL")),
        ({"A_DEV_URL": " short\n"}, ("short", "A_DEV_URL")),
        ({"A_X_DEV_URL": "", "A_DEV_URL": "short"}, ("short", "A_DEV_URL")),
        ({"A_X_DEV_URL": " "}, None),
        ({"DATABASE_URL": "x"}, None),
    ],
)
def test_the_most_telling_variable_answers(environ: dict[str, str], answer: tuple[str, str] | None) -> None:
    assert ask(PLACES, environ) == answer
