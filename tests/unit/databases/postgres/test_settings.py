"""Settings are values whose text never holds a secret."""

from __future__ import annotations

from greylag.databases.postgres.settings import Endpoint, Settings, Tls, UnusableError


def test_secrets_stay_out_of_texts() -> None:
    tls = Tls("full", "/roots", "/cert", "/key", "secret", sni=True, direct=False)
    settings = Settings(
        "u", "secret", "d", (Endpoint("h", 1, True),), tls, 0, {"search_path": "x"}, "any", {}, True
    )
    for shown in (repr(tls), str(tls), repr(settings), str(settings), f"{settings}"):
        assert "secret" not in shown
    assert "h" in repr(settings)


def test_a_problem_names_the_setting_and_the_reason() -> None:
    assert str(UnusableError("invalid port", ValueError("outside range"))) == "invalid port (outside range)"
    assert str(UnusableError("unknown value: x")) == "unknown value: x"
