"""The same facts, asked in the words of each server's age."""

from __future__ import annotations

import re

import pytest

from greylag.databases.postgres.catalog import in_schemas, of_database
from greylag.databases.postgres.catalog.queries import QUERIES
from greylag.databases.postgres.catalog.versions import version_number, words_for

ALL = (*QUERIES, *in_schemas.QUERIES, *of_database.QUERIES, of_database.DEFAULT_PRIVILEGES)

NEWER = {
    "attcompression": 14, "confdelsetcols": 15, "indnullsnotdistinct": 15, "inhdetachpending": 14,
    "tgparentid": 13, "conenforced": 18, "collicurules": 16, "colliculocale": 15, "stxstattarget": 13,
    "rngmultitypid": 14, "pubviaroot": 13, "prattrs": 15, "prqual": 15, "pg_publication_namespace": 15,
}  # fmt: skip
"""Words of system catalogs to the version that brought them (release notes of PostgreSQL)."""


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("16.4", 160004),
        ("16.14 (Debian 16.14-1.pgdg12+1)", 160014),
        ("17beta2", 170000),
        ("18devel", 180000),
        ("12.20", 120020),
        ("unheard of", 0),
    ],
)
def test_numbers_of_versions(said: str, number: int) -> None:
    assert version_number(said) == number


@pytest.mark.parametrize("major", range(12, 20))
def test_no_server_is_asked_for_what_it_does_not_know(major: int) -> None:
    words = {"here": "()", "default_privileges": "true", **words_for(major * 10000)}
    text = "\n".join(query.sql.format(**words) for query in ALL)
    asked = {word for word in NEWER if re.search(rf"\b{word}\b", text)}
    known = {word for word, since in NEWER.items() if since <= major}
    assert asked == (known - {"colliculocale"} if major >= 17 else known)
    assert ("colllocale" in text) == (major >= 17)
