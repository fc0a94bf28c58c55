"""Read the Catalog of a database and hold it: ``catalog_reading.py URL TABLES``. What it takes is measured outside."""

from __future__ import annotations

import sys
from contextlib import closing

from greylag.databases.postgres.session import PostgresSession

url, tables = sys.argv[1:]
with closing(PostgresSession(url, "")) as session:
    catalog = session.catalog()
if len(catalog.tables) != int(tables):
    sys.exit(f"{len(catalog.tables)} tables were read")
