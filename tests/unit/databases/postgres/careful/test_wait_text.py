from __future__ import annotations

from typing import Any

import pytest

from greylag.databases.postgres.careful.wait_text import (
    age,
    describe,
    mode_words,
    printable,
    remedy,
    shown_query,
    wait_facts,
)
from greylag.databases.postgres.careful.waits import Blocker, Prepared, Wait


def blocker(pid: int = 7, **fields: Any) -> Blocker:
    made = Blocker(pid, (), "app", "api", "10.0.0.5", "active", "client backend", "SELECT 1", 200.0, False)
    return made._replace(**fields)


def wait(*blockers: Blocker, **fields: Any) -> Wait:
    nearest = tuple(each.pid for each in blockers)
    made = Wait("relation", "AccessExclusiveLock", "users", "", "", nearest, blockers, (), 0)
    return made._replace(**fields)


def lines(found: Wait) -> list[str]:
    return describe(found, 1.2, "f:3").splitlines()


def test_one_session_in_front() -> None:
    first, second = lines(wait(blocker(), queue=1))
    assert first == (
        'f:3 waits 1.2 s for ACCESS EXCLUSIVE on users behind pid 7 (app@10.0.0.5, "api", active, '
        "transaction open for 3 min): SELECT 1; 1 session waits behind it"
    )
    assert second == "to end what holds it: SELECT pg_terminate_backend(7);"


def test_several_sessions_have_a_line_each_up_to_five() -> None:
    found = lines(wait(*(blocker(pid) for pid in range(1, 8))))
    assert found[0] == "f:3 waits 1.2 s for ACCESS EXCLUSIVE on users behind 7 others"
    assert [line.split(" (")[0] for line in found[1:6]] == [f"pid {pid}" for pid in range(1, 6)]
    assert found[6] == "and 2 more"
    assert found[7].count("pg_terminate_backend") == 7 and len(found) == 8


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("relation", "SHARE on users"),
        ("tuple", "a row of users"),
        ("transactionid", "transaction 733 to end"),
        ("virtualxid", "an older transaction to end"),
        ("object", "SHARE on an entry of pg_type"),
        ("advisory", "an advisory lock"),
        ("extend", "a lock (extend)"),
        ("", "a lock"),
    ],
)
def test_what_is_waited_for(kind: str, words: str) -> None:
    found = wait(blocker(), kind=kind, mode="ShareLock", catalog="pg_type", transaction="733")
    assert lines(found)[0].startswith(f"f:3 waits 1.2 s for {words} behind pid 7 (")


def test_an_autovacuum_worker_gives_way() -> None:
    worker = blocker(role="", kind="autovacuum worker", query="autovacuum: VACUUM public.users")
    first, second = lines(wait(worker))
    assert "pid 7 (an autovacuum worker, it gives way by itself): autovacuum: VACUUM public.users" in first
    assert second == "nothing has to be done: PostgreSQL cancels it within deadlock_timeout (1 s by default)"
    assert remedy(wait(worker)) == ""


def test_an_autovacuum_worker_that_prevents_wraparound_does_not() -> None:
    query = "autovacuum: VACUUM public.users (to prevent wraparound)"
    first, second = lines(wait(blocker(role="", kind="autovacuum worker", query=query)))
    assert "(an autovacuum worker, it does not give way)" in first
    assert second == (
        "let the vacuum finish, or end it and expect it to start again: SELECT pg_terminate_backend(7);"
    )


def test_only_the_last_in_a_row_has_to_be_ended() -> None:
    found = wait(blocker(5, behind=(7,)), blocker(7), nearest=(5,))
    assert lines(found)[1].endswith("SELECT 1 (waits itself behind pid 7)")
    assert remedy(found) == "SELECT pg_terminate_backend(7);"


def test_prepared_transactions() -> None:
    found = wait(nearest=(0,), prepared=(Prepared("o'k", "app", 90000.0),))
    first, second = lines(found)
    assert first.endswith(
        'behind the prepared transaction "o\'k", prepared 1 d 1 h ago by app, which no session holds'
    )
    assert second == "to end what holds it: ROLLBACK PREPARED 'o''k';"
    assert lines(wait(nearest=(0,)))[0].endswith("behind a prepared transaction")
    assert lines(wait(nearest=(0,)))[1] == "to see prepared transactions: SELECT * FROM pg_prepared_xacts;"
    (deeper, _, _) = lines(wait(blocker(5, behind=(0,)), blocker(6, behind=(5,))))[1:]
    assert deeper.endswith("(waits itself behind a prepared transaction)")


def test_what_is_hidden_or_gone() -> None:
    hidden = blocker(client="", state="", kind="", query="", open_seconds=0.0, hidden=True)
    assert 'behind pid 7 (app, "api")' in lines(wait(hidden))[0]
    assert remedy(wait(hidden)) == "SELECT pg_terminate_backend(7);"
    server = hidden._replace(role="", application="")
    assert "(a process of the server, perhaps an autovacuum worker)" in lines(wait(server))[0]
    assert remedy(wait(server)) == "", "it may be a vacuum that gives way"
    gone = server._replace(hidden=False)
    assert "(gone by now)" in lines(wait(gone))[0]
    assert lines(wait(gone))[1] == "to see them: SELECT * FROM pg_stat_activity WHERE pid IN (7);"


def test_the_same_for_programs() -> None:
    facts = wait_facts(wait(blocker(query="SELECT 1\nFROM x")), 1.26, "f:3")
    assert (facts["waited_seconds"], facts["on"], facts["lock"]) == (1.3, "users", "ACCESS EXCLUSIVE")
    assert facts["blockers"] == [
        {
            "pid": 7,
            "role": "app",
            "application": "api",
            "client": "10.0.0.5",
            "state": "active",
            "kind": "client backend",
            "open_seconds": 200.0,
            "query": "SELECT 1",
            "behind": [],
        }
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (42.3, "42 s"),
        (185.0, "3 min"),
        (7500.0, "2 h 5 min"),
        (9e4, "1 d 1 h"),
    ],
)
def test_ages(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_modes() -> None:
    assert mode_words("ShareUpdateExclusiveLock") == "SHARE UPDATE EXCLUSIVE"
    assert mode_words("RowShareLock") == "ROW SHARE"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("\n\n  SELECT  1\nFROM x", "SELECT 1"),
        ("", ""),
        ("ALTER ROLE a PASSWORD 's3cret'", "ALTER ROLE a PASSWORD 'xxxxx'"),
        ("alter role a password\n$q$s3cret$q$ valid until 'x'", "alter role a password"),
        ("ALTER ROLE a PASSWORD /* s */ E's3cret\\'s3cret", "ALTER ROLE a PASSWORD /* s */ E'xxxxx'"),
        ("INSERT INTO t (password_hash) VALUES ('s3cret')", "INSERT INTO t (password_hash) VALUES ('xxxxx'"),
        ("SELECT * FROM t WHERE api_key = $1 AND x", "SELECT * FROM t WHERE api_key = xxxxx AND x"),
        (
            "SELECT 1 FROM t WHERE token = $1 AND b = 's3cret'",
            "SELECT 1 FROM t WHERE token = xxxxx AND b = 'xxxxx'",
        ),
        ("SELECT dblink('host=h password=s3cret')", "SELECT dblink('host=h password=xxxxx'xxxxx'"),
        ("SELECT dblink('postgres://a:s3cret@h/d')", "SELECT dblink('postgres://a:xxxxx@h/d')"),
        ("SELECT '\x1b[2J'", "SELECT '?[2J'"),
        ("SELECT " + "x" * 90, "SELECT " + "x" * 72 + "…"),
    ],
)
def test_queries_are_short_and_hide_secrets(query: str, shown: str) -> None:
    found = shown_query(query)
    assert "s3cret" not in found and len(found) <= 80
    assert found == shown


def test_names_do_not_steer_the_terminal() -> None:
    assert printable("a\x1b]0;x\x07é") == "a?]0;x?é"
    assert "\x1b" not in describe(wait(blocker(application="\x1b[2J", role="\x1b")), 1, "x")
