"""What ``goose status`` on ClickHouse has to wait for at least: import a client, and over HTTP ask two questions.

Over HTTP the standard library is the client; ``native`` imports clickhouse-driver and asks nothing.
"""

from __future__ import annotations

import sys

if sys.argv[1] == "native":
    import clickhouse_driver.client  # noqa: F401
else:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]))
    for columns in ("version_id, is_applied", "version_id, tstamp, is_applied"):
        query = f"SELECT {columns} FROM goose_db_version ORDER BY version_id DESC"
        connection.request("POST", f"/?database={sys.argv[3]}", query)
        connection.getresponse().read()
