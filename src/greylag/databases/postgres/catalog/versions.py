"""What servers of different ages call the same facts."""

from __future__ import annotations

from greylag.databases.postgres.catalog.fragments import object_name

_NEWER = {
    "compression": (140000, "a.attcompression", "''"),
    "set_columns": (150000, "k.confdelsetcols", "NULL"),
    "nulls_distinct": (150000, "NOT i.indnullsnotdistinct", "true"),
    "detaching": (140000, "h.inhdetachpending", "false"),
    "cloned": (130000, "t.tgparentid <> 0::oid", "false"),
    "enforced": (180000, "k.conenforced", "true"),
    "rules": (160000, "o.collicurules", "NULL::text"),
    "statistics_target": (130000, "o.stxstattarget", "NULL::int"),
    "multirange": (
        140000,
        object_name("pg_type", "typ", "r.rngmultitypid"),
        "NULL",
    ),
    "publication_root": (130000, "o.pubviaroot", "false"),
    "publication_columns": (
        150000,
        """(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname::text), ', ' ORDER BY a.attnum)
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = x.prrelid AND a.attnum = ANY (x.prattrs))""",
        "NULL",
    ),
    "publication_rows": (150000, "pg_catalog.pg_get_expr(x.prqual, x.prrelid)", "NULL"),
    "publication_schemas": (
        150000,
        """, (SELECT 'TABLES IN SCHEMA ' || pg_catalog.string_agg(
             pg_catalog.quote_ident(pn.nspname::text), ', ' ORDER BY pn.nspname)
           FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_namespace pn ON pn.oid = s.pnnspid
           WHERE s.pnpubid = o.oid)""",
        "",
    ),
    "subscription": (140000, "o.oid", "NULL"),
}
"""Word in a query to the first version that has it, how it is asked there, and what older ones answer."""

_LOCALES = ((170000, "o.colllocale"), (150000, "o.colliculocale"), (0, "o.collcollate::text"))
"""The locale of a collation that is not libc's."""


def words_for(version: int) -> dict[str, str]:
    """The words to put into queries for a server of ``version`` (as in server_version_num)."""
    words = {word: new if version >= since else old for word, (since, new, old) in _NEWER.items()}
    words["locale"] = next(text for since, text in _LOCALES if version >= since)
    return words


def version_number(server_version: str) -> int:
    """The number of a version as the server reports it: 160004 for ``16.4 (Debian 16.4-1)``, ``17beta2``."""
    import re

    found = re.match(r"(\d+)(?:\.(\d+))?", server_version)
    return int(found[1]) * 10000 + int(found[2] or 0) if found else 0
