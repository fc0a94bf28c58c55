"""Connection strings by clickhouse-go's rules. The refusals are in tests/conformance/scenarios/ch_dsn_errors."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.errors import ConnectError


def test_a_native_one() -> None:
    found = read_dsn(
        "clickhouse://u:p%40w@a,b:9000/audit_db?dial_timeout=5s&read_timeout=1m&secure&skip_verify"
    )
    assert (found.protocol, found.addresses, found.database) == ("native", ("a", "b:9000"), "audit_db")
    assert (found.user, found.password) == ("u", "p@w")
    assert (found.dial_timeout, found.read_timeout) == (5, 60)
    assert (found.secure, found.skip_verify) == (True, True)
    assert found.server == {}


def test_what_is_not_given() -> None:
    found = read_dsn("tcp://h")
    assert (found.protocol, found.user, found.password, found.database) == ("native", "default", "", "")
    assert (found.dial_timeout, found.read_timeout, found.strategy, found.secure) == (
        30,
        300,
        "in_order",
        False,
    )


@pytest.mark.parametrize("scheme", ["clickhouse", "tcp", "native", "mysql"])
def test_every_other_scheme_is_native(scheme: str) -> None:
    assert read_dsn(f"{scheme}://h:1").protocol == "native"


def test_http_and_its_parameters() -> None:
    found = read_dsn(
        "https://h:8443/d?secure=true&tls_server_name=%20name%20&http_path=a/b&client_info_product=x/1"
    )
    assert (found.protocol, found.scheme, found.tls_server_name) == ("http", "https", "name")
    assert (found.http_path, found.products) == ("/a/b", "x/1")
    assert read_dsn("http://h?http_proxy=http://p:3128").http_proxy == "http://p:3128"


def test_parameters_win_over_the_url() -> None:
    found = read_dsn("http://u:p@h/d?username=me&password=pw&database=other&database=second")
    assert (found.user, found.password, found.database) == ("me", "pw", "other")


def test_unknown_parameters_are_settings_in_small_letters() -> None:
    found = read_dsn("http://h?max_threads=007&async_insert=TRUE&x=False&session_timezone=Asia/Seoul&f=1.5")
    assert found.server == {
        "max_threads": "7", "async_insert": "1", "x": "0", "session_timezone": "asia/seoul", "f": "1.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kept"), [("random", "random"), ("round_robin", "round_robin"), ("x", "in_order")]
)
def test_strategies(given: str, kept: str) -> None:
    assert read_dsn(f"http://h?connection_open_strategy={given}").strategy == kept


@pytest.mark.parametrize(
    ("text", "folder", "database"),
    [
        ("chdb:///a/b?database=audit", "/a/b", "audit"),
        ("chdb://a/b", "a/b", ""),
        ("chdb:a%20b", "a b", ""),
        ("CHDB:///x", "/x", ""),
    ],
)
def test_the_embedded_engine(text: str, folder: str, database: str) -> None:
    found = read_dsn(text)
    assert (found.protocol, found.folder, found.database) == ("embedded", folder, database)


def test_the_embedded_engine_takes_settings_and_wants_a_folder() -> None:
    assert read_dsn("chdb:x?max_threads=1").server == {"max_threads": "1"}
    with pytest.raises(ConnectError, match="no folder") as caught:
        read_dsn("chdb://?database=x")
    assert "chdb:///path" in str(caught.value.hint)


@pytest.mark.parametrize(
    "text",
    [
        "clickhouse://u:hunter%zz@h/d",
        "clickhouse://u:hun ter@h/d",
        "clickhouse://u:hunter@h:port/d",
        "clickhouse://u:hunter@h%41/d",
        "clickhouse://h:port/d?password=hunter",
    ],
)
def test_no_refusal_shows_a_password(text: str) -> None:
    with pytest.raises(ConnectError) as caught:
        read_dsn(text)
    assert "hun" not in f"{caught.value.driver_text} {caught.value.message} {caught.value.hint}"
    assert "xxxxx" in caught.value.driver_text
