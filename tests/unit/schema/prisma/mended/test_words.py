"""Names by the convention."""

from __future__ import annotations

import pytest

from greylag.schema.prisma.mended.words import camel, pascal, singular, without_key


@pytest.mark.parametrize(
    ("name", "small", "large"),
    [
        ("created_at", "createdAt", "CreatedAt"),
        ("user_preferences", "userPreferences", "UserPreferences"),
        ("createdAt", "createdAt", "CreatedAt"),
        ("userID", "userId", "UserId"),
        ("HTTPServer", "httpServer", "HttpServer"),
        ("URLs", "urls", "Urls"),
        ("URL", "url", "Url"),
        ("oauth2_tokens", "oauth2Tokens", "Oauth2Tokens"),
        ("sha256_hash", "sha256Hash", "Sha256Hash"),
        ("a-b c", "aBC", "ABC"),
        ("_x", "x", "X"),
        ("1st_place", "stPlace", "StPlace"),
        ("naïve", "naVe", "NaVe"),
        ("한글", "", ""),
        ("123", "", ""),
        ("_", "", ""),
    ],
)
def test_camel_and_pascal(name: str, small: str, large: str) -> None:
    assert (camel(name), pascal(name)) == (small, large)


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("users", "user"),
        ("order_items", "order_item"),
        ("UserPreferences", "UserPreference"),
        ("categories", "category"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("buses", "bus"),
        ("statuses", "status"),
        ("status", "status"),
        ("houses", "house"),
        ("clauses", "clause"),
        ("responses", "response"),
        ("caches", "cache"),
        ("searches", "search"),
        ("sizes", "size"),
        ("quizzes", "quiz"),
        ("heroes", "hero"),
        ("aliases", "alias"),
        ("movies", "movie"),
        ("ties", "tie"),
        ("uses", "use"),
        ("people", "person"),
        ("People", "Person"),
        ("children", "child"),
        ("indices", "index"),
        ("news", "news"),
        ("data", "data"),
        ("lens", "lens"),
        ("gas", "gas"),
        ("glass", "glass"),
        ("analysis", "analysis"),
        ("GPS", "GPS"),
        ("URLs", "Url"),
        ("class", "class"),
        ("", ""),
        ("__", "__"),
        ("user_2fa", "user_2fa"),
    ],
)
def test_singular(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize(
    ("column", "what"),
    [
        ("author_id", "author"),
        ("authorId", "author"),
        ("authorID", "author"),
        ("user_uuid", "user"),
        ("org_id_fk", "org"),
        ("kind", ""),
        ("paid", ""),
        ("id", ""),
        ("_id", ""),
    ],
)
def test_what_a_key_is_about(column: str, what: str) -> None:
    assert without_key(column) == what
