"""What somebody probably meant to type."""

from __future__ import annotations

import pytest

from greylag.environments.nearest import did_you_mean, nearest

SERVICES = ["auth-service", "personal-service", "legal-service"]


@pytest.mark.parametrize(
    ("word", "name"),
    [("auth-servcie", "auth-service"), ("AUTH-SERVICE", "auth-service"), ("auth", "auth-service"),
     ("legal_service", "legal-service"), ("service", "auth-service"), ("zz", None), ("", None)],
)  # fmt: skip
def test_near_spellings_and_parts(word: str, name: str | None) -> None:
    assert nearest(word, SERVICES) == name


def test_names_keep_their_case() -> None:
    assert nearest("girok_auth", ["Girok_Auth"]) == "Girok_Auth"


def test_a_hint_names_one_or_all_or_none() -> None:
    assert did_you_mean("auth", SERVICES) == "did you mean 'auth-service'?"
    assert did_you_mean("zz", SERVICES) == "there is auth-service, personal-service, legal-service"
    assert did_you_mean("zz", []) == "there is none yet"
