"""What a look at a ClickHouse database gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.clickhouse.examination import examine
from greylag.databases.clickhouse.session import ClickhouseSession

if TYPE_CHECKING:
    from tests.plugins.clickhouse import ClickhouseServer


def test_rows(clickhouse: ClickhouseServer, clickhouse_database: str) -> None:
    session = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    assert examine(session).facts == {"rows": None}
    session.create_history()
    clickhouse.ask(
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, 0), (2, 1)", clickhouse_database
    )
    found = examine(session)
    assert found.facts == {"rows": [[1, 0, True, False], [2, 2, True, False], [3, 3, False, False]]}
    assert (found.server.database, found.unseen) == (clickhouse_database, {})
    session.table = "system.one"
    assert "version_id" in examine(session).unseen["rows"]
    session.close()
