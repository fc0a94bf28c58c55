"""What the config file says, as values."""

from __future__ import annotations

from greylag.model.workspace import Database, Retention, Service


def test_a_service_owns_what_it_migrates() -> None:
    def database(key: str, owner: str) -> Database:
        return Database(
            "identity", key, owner, "postgres", "/f", "t", "/p", "", Retention(None, None), {}, {}
        )

    mine, used = database("auth", "identity"), database("legal", "legal-service")
    service = Service("identity", "/s", {"auth": mine, "legal": used})
    assert service.owned == [mine]
