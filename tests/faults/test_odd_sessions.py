"""Settings that owners give to databases and roles: a run that was broken off goes on under each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.conftest import wait_for_silence
from tests.faults.story import rows, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.story import Teller
    from tests.plugins.wire import Wire


@pytest.mark.parametrize(
    "setting",
    [
        "bytea_output = escape",
        "standard_conforming_strings = off",
        "DateStyle = 'SQL, DMY'",
        "TimeZone = 'America/St_Johns'",
        "client_encoding = LATIN1",
        "client_min_messages = debug1",
        "default_transaction_isolation = serializable",
        "quote_all_identifiers = on",
        "search_path = nowhere, public",
        "plan_cache_mode = force_generic_plan",
    ],
)
def test_a_setting(database: str, swift: Teller, wire: Callable[[str], Wire], setting: str) -> None:
    name = database.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET {setting}")
    between = wire(database)
    between.kill("before", "CREATE UNIQUE INDEX")
    run = swift.start(between.url(database), "up", "--yes")
    between.aim(run.pid)
    run.end()
    assert between.struck.is_set()
    wait_for_silence(database)
    assert versions(database) == [1, 2]
    again = swift.run(database, "up", "--yes")
    assert again.code == 0, again.said
    assert "goes on with statement 3" in again.said
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    assert rows(database, "SELECT n FROM b") == [(7,)]
    assert swift.run(database, "history").code == 0
    assert swift.run(database, "down-to 0").code == 0
    assert versions(database) == []
