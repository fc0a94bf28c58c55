"""Names in statements, quoted as the server does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.postgres.catalog.quoting import Quoting

if TYPE_CHECKING:
    from tests.unit.databases.postgres.catalog.conftest import Place

NAMES = (
    "a",
    "_a1",
    "1a",
    "A",
    "a b",
    'a"b',
    "a$b",
    "",
    "é",
    "select",
    "user",
    "name",
    "text",
    "index",
    "between",
    "int",
)


def test_the_same_as_the_server(place: Place) -> None:
    def ask(query: str) -> list[str]:
        rows = place.session.ask(lambda channel: channel.fetch(query.encode(), binary=False).rows)
        return [value.decode() for (value,) in rows if value is not None]

    keywords = ask("SELECT word FROM pg_get_keywords()")
    quoted = Quoting(ask("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'"))
    for name in (*NAMES, *keywords):
        text = name.replace("'", "''")
        assert [quoted(name)] == ask(f"SELECT quote_ident('{text}')")
