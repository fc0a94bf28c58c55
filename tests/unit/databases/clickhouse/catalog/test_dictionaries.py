"""Dictionaries."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.dictionaries import make_dictionary
from greylag.databases.clickhouse.catalog.tables import TableRow

CREATE = (
    "CREATE DICTIONARY d.x (`id` UInt64, `name` String DEFAULT 'x', `p` Nullable(UInt64) HIERARCHICAL, "
    "`q` String EXPRESSION upper('a') INJECTIVE) PRIMARY KEY id "
    "SOURCE(CLICKHOUSE(HOST 'h' USER 'u' PASSWORD 'secret' TABLE 't')) LIFETIME(MIN 0 MAX 1000) "
    "LAYOUT(RANGE_HASHED(RANGE_LOOKUP_STRATEGY 'max')) RANGE(MIN s MAX e) SETTINGS(b = 1, a = 'x') COMMENT 'c'"
)


def test_a_dictionary() -> None:
    row = TableRow("d", "x", "", "Dictionary", "", CREATE, "", "", "", "", "c", "")
    found = make_dictionary(row)
    assert (found.schema, found.name, found.key, found.comment) == ("d", "x", "id", "c")
    assert found.source == "CLICKHOUSE(HOST 'h' USER 'u' PASSWORD '[HIDDEN]' TABLE 't')"
    assert found.layout == "RANGE_HASHED(RANGE_LOOKUP_STRATEGY 'max')"
    assert (found.lifetime, found.range) == ("MIN 0 MAX 1000", "MIN s MAX e")
    assert found.options == (("a", "'x'"), ("b", "1"))
    _, name, parent, computed = found.attributes
    assert name.default == "'x'" and name.options == ()
    assert (
        parent.nullable
        and parent.type.text == "Nullable(UInt64)"
        and parent.options == (("hierarchical", "1"),)
    )
    assert computed.options == (("expression", "upper('a')"), ("injective", "1")) and computed.default is None
