"""Asking servers that know more and less."""

from __future__ import annotations

from typing import Any

from greylag.databases.clickhouse.catalog.questions import COLUMNS, FUNCTIONS, GRANTS, TABLES, Asker
from greylag.databases.clickhouse.rows import Answer


class Server:
    """Knows these columns of its own tables, and keeps what it is asked."""

    def __init__(self, **known: str) -> None:
        self.known = known
        self.asked: list[str] = []

    def query(self, text: str, **_: Any) -> Answer:
        self.asked.append(text)
        rows: list[list[str | None]] = [
            [table, name] for table, names in self.known.items() for name in names.split()
        ]
        return Answer([], rows if "system.columns" in text else [])


def test_what_an_old_server_lacks_is_asked_as_empty() -> None:
    server = Server(
        tables="database name engine engine_full create_table_query", columns="database table name type"
    )
    asker = Asker(server)  # type: ignore[arg-type]
    asker.learn()
    asker.ask(TABLES, ["d'1"])
    text = server.asked[-1]
    assert text.startswith("SELECT '', `database`, `name`, '', `engine`")
    assert "WHERE database IN ('d\\'1') ORDER BY" in text and "is_temporary" not in text
    asker.ask(COLUMNS, ["d"])
    assert server.asked[-1].endswith("ORDER BY database, table") and "position" not in server.asked[-1]
    assert not asker.knows(FUNCTIONS) and not asker.knows(GRANTS)


def test_a_server_that_tells_nothing_is_asked_for_all() -> None:
    server = Server()
    asker = Asker(server)  # type: ignore[arg-type]
    asker.learn()
    asker.ask(TABLES, ["d"])
    assert "`create_table_query`" in server.asked[-1] and "''" in server.asked[-1].split(",")[0]
    assert "NOT is_temporary" in server.asked[-1]


def test_a_modern_server() -> None:
    server = Server(
        tables="database uuid is_temporary", columns="position name", functions="name origin create_query"
    )
    asker = Asker(server, "clusterAllReplicas('c', {})", "hostName()")  # type: ignore[arg-type]
    asker.learn(["parts"])
    assert "'parts'" in server.asked[0]
    asker.ask(TABLES, ["d"])
    assert server.asked[-1].startswith("SELECT hostName(), `database`, '', toString(uuid)")
    assert "FROM clusterAllReplicas('c', system.tables) WHERE" in server.asked[-1]
    assert "NOT is_temporary" in server.asked[-1]
    asker.ask(COLUMNS, ["d"])
    assert server.asked[-1].endswith("database, table, position")
    assert asker.knows(FUNCTIONS)
