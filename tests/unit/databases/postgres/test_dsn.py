"""Settings come from the text, then a service, then PG* variables, then defaults, and are checked as pgx does."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import dsn
from greylag.databases.postgres.settings import Endpoint
from greylag.errors import ConnectError

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.databases.postgres.settings import Settings


def parse(text: str, **environ: str) -> Settings:
    return dsn.parse(text, environ)


def refuse(text: str, **environ: str) -> str:
    with pytest.raises(ConnectError) as caught:
        parse(text, **environ)
    assert caught.value.hint
    return caught.value.driver_text


def test_the_text_wins_over_the_environment() -> None:
    settings = parse(
        "postgres://u:p@h:1/d?sslmode=disable", PGUSER="x", PGPASSWORD="x", PGHOST="x", PGPORT="2"
    )
    assert (settings.user, settings.password, settings.database) == ("u", "p", "d")
    assert settings.endpoints == (Endpoint("h", 1, False),)


def test_variables_fill_the_gaps() -> None:
    settings = parse(
        "host=h", PGUSER="u", PGPASSWORD="p", PGDATABASE="d", PGPORT="7", PGSSLMODE="disable",
        PGCONNECT_TIMEOUT="3", PGAPPNAME="app", PGTZ="Asia/Tokyo", PGOPTIONS="-c a=b", PGDATESTYLE="ignored",
        PGTARGETSESSIONATTRS="primary", PGCHANNELBINDING="disable", PGREQUIREAUTH="scram-sha-256",
    )  # fmt: skip
    assert (settings.user, settings.password, settings.database) == ("u", "p", "d")
    assert settings.endpoints == (Endpoint("h", 7, False),)
    assert (settings.timeout, settings.target) == (3, "primary")
    assert settings.runtime == {"application_name": "app", "timezone": "Asia/Tokyo", "options": "-c a=b"}
    assert settings.client == {"channel_binding": "disable", "require_auth": "scram-sha-256"}


def test_an_empty_variable_is_no_variable() -> None:
    assert parse("host=h sslmode=disable", PGPORT="").endpoints == (Endpoint("h", 5432, False),)


def test_without_anything_it_is_the_own_account_on_this_machine() -> None:
    settings = parse("")
    assert settings.user == pwd.getpwuid(os.getuid()).pw_name
    assert settings.database == ""
    assert len({endpoint.host for endpoint in settings.endpoints}) == 1
    assert settings.endpoints[0].port == 5432


@pytest.mark.parametrize(
    ("mode", "tries"),
    [
        ("disable", [False]), ("allow", [False, True]), ("prefer", [True, False]), ("require", [True]),
        ("verify-ca", [True]), ("verify-full", [True]), ("", [True, False]),
    ],
)  # fmt: skip
def test_sslmode_decides_the_attempts(mode: str, tries: list[bool]) -> None:
    settings = parse(f"host=h sslmode='{mode}'")
    assert [endpoint.encrypted for endpoint in settings.endpoints] == tries


def test_several_hosts_with_one_port_or_as_many() -> None:
    one = parse("host=a,b,/run port=1 sslmode=prefer")
    assert one.endpoints == (
        Endpoint("a", 1, True), Endpoint("a", 1, False), Endpoint("b", 1, True), Endpoint("b", 1, False),
        Endpoint("/run", 1, False),
    )  # fmt: skip
    many = parse("host=a,b,c port=1,2 sslmode=disable")
    assert [endpoint.port for endpoint in many.endpoints] == [1, 2, 1]


def test_what_the_client_does_not_know_is_sent_to_the_server() -> None:
    settings = parse("postgres://h/d?search_path=a,b&pool_max_conns=3&krbspn=x&statement_cache_capacity=8")
    assert settings.runtime == {"search_path": "a,b", "pool_max_conns": "3"}
    assert settings.caches_statements


@pytest.mark.parametrize(
    ("text", "caches"),
    [
        ("default_query_exec_mode=cache_statement", True),
        ("default_query_exec_mode=exec", False),
        ("default_query_exec_mode=simple_protocol", False),
        ("statement_cache_capacity=0", False),
    ],
)
def test_how_version_rows_are_sent(text: str, caches: bool) -> None:
    settings = parse(text)
    assert settings.caches_statements is caches
    assert settings.runtime == {}


def test_a_password_file_fills_in(tmp_path: Path) -> None:
    path = tmp_path / "pass"
    path.write_text("h:5432:d:u:fromfile\nlocalhost:5432:*:u:socket\n")
    text = f"user=u dbname=d sslmode=disable passfile={path}"
    assert parse(f"{text} host=h").password == "fromfile"
    assert parse(f"{text} host=/run").password == "socket"
    assert parse(f"{text} host=h password=given").password == "given"
    assert parse(f"{text} host=other").password == ""
    assert parse("host=h user=u dbname=d passfile=/nope").password == ""


def test_a_service_stands_between_text_and_variables(tmp_path: Path) -> None:
    path = tmp_path / "services"
    path.write_text("[s]\nhost=fromservice\ndbname=fromservice\nuser=fromservice\n")
    settings = parse(f"service=s servicefile={path} dbname=fromtext", PGUSER="fromenv", PGPORT="9")
    assert (settings.user, settings.database) == ("fromservice", "fromtext")
    assert settings.endpoints[0][:2] == ("fromservice", 9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("garbage", "failed to parse as keyword/value (invalid keyword/value)"),
        ("postgres://u:p@h:abc/x", 'failed to parse as URL (invalid port ":abc" after host)'),
        ("port=99999", 'invalid port (strconv.ParseUint: parsing "99999": value out of range)'),
        ("port=x", 'invalid port (strconv.ParseUint: parsing "x": invalid syntax)'),
        ("port=", 'invalid port (strconv.ParseUint: parsing "": invalid syntax)'),
        ("port=0", "invalid port (outside range)"),
        ("connect_timeout=-1", "invalid connect_timeout (negative timeout)"),
        ("connect_timeout=1.5", 'invalid connect_timeout (strconv.ParseInt: parsing "1.5": invalid syntax)'),
        ("host=h sslmode=bogus", "failed to configure TLS (sslmode is invalid)"),
        ("target_session_attrs=zz", "unknown target_session_attrs value: zz"),
        ("channel_binding=q", "unknown channel_binding value: q"),
        ("min_protocol_version=2", 'invalid min_protocol_version: "2" (invalid protocol version: "2")'),
        (
            "min_protocol_version=3.2 max_protocol_version=3.0",
            "min_protocol_version cannot be greater than max_protocol_version",
        ),
        ("require_auth=q", 'invalid require_auth (invalid require_auth method: "q")'),
        (
            "require_auth=md5,md5",
            'invalid require_auth (require_auth method "md5" is specified more than once)',
        ),
        (
            "require_auth=md5,!gss",
            'invalid require_auth (negative require_auth method "gss" cannot be mixed with non-negative methods)',
        ),
        (
            "require_auth=!md5,gss",
            'invalid require_auth (require_auth method "gss" cannot be mixed with negative methods)',
        ),
        (
            "statement_cache_capacity=q",
            'cannot parse statement_cache_capacity (strconv.ParseInt: parsing "q": invalid syntax)',
        ),
        (
            "description_cache_capacity=9999999999",
            'cannot parse description_cache_capacity (strconv.ParseInt: parsing "9999999999": value out of range)',
        ),
        ("default_query_exec_mode=zz", 'invalid default_query_exec_mode (unknown value "zz")'),
        ("service=s servicefile=/nope", "failed to read service (failed to read service file: /nope)"),
    ],
)  # fmt: skip
def test_what_pgx_refuses_is_refused_in_its_words(text: str, reason: str) -> None:
    assert refuse(text) == f"cannot parse `{text.replace(':p@', ':xxxxxx@')}`: {reason}"


def test_a_fault_in_a_variable_is_told_for_the_text() -> None:
    assert refuse("host=h", PGPORT="x").startswith("cannot parse `host=h`: invalid port (")


def test_settings_do_not_show_the_password() -> None:
    settings = parse("postgres://u:secret@h/d?sslpassword=secret&sslmode=disable")
    assert "secret" not in repr(settings)
    assert "secret" not in repr(settings.tls)
