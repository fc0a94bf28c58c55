"""Golden answers of status, plan, history and resolve. ``python -m tests.golden.verb_cases`` accepts."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greylag.cli import history, look, resolve, retention, status
from greylag.databases.clickhouse.ages import Age
from greylag.model.care import Attempt, Entry, Resume, Unfinished
from greylag.model.duration import Duration
from greylag.model.history import Applied, Stamp
from greylag.model.migration import Migration, Script, Statement
from greylag.model.server import Server
from greylag.model.target import Target
from greylag.model.workspace import Retention
from greylag.operations.journal import Past
from greylag.operations.plan import Foreseen, Foresight
from greylag.operations.resolve import Situation
from greylag.operations.retaining.fixing import Fix
from greylag.operations.retaining.judging import Problem, Verdict
from greylag.operations.retention import Keeping
from greylag.operations.survey import Entry as File
from greylag.operations.survey import Gone, Halt, Survey

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "verbs"
SERVER = Server("postgres", "16.4", "10.0.0.5", 5432, "shop", "app")
TARGET = Target(
    "shop@prod", "shop", "shop", "prod", "postgres", "/m", "goose_db_version", "shop", True, True, None
)
THEN, LATER = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 6, 250000, tzinfo=UTC)
TEXTS = (
    "ALTER TABLE users ADD COLUMN email text;",
    "CREATE INDEX CONCURRENTLY users_email_idx\n  ON users (emial);",
    "ALTER TABLE users VALIDATE CONSTRAINT users_email_check;",
)


def file(version: int, name: str) -> Migration:
    return Migration(version, f"migrations/{version:05d}_{name}.sql")


USERS, NAMES, EMAIL, LATE = file(1, "users"), file(2, "names"), file(3, "email"), file(4, "orders")
BROKEN = Unfinished(
    3,
    "up",
    EMAIL.name,
    THEN,
    "ana",
    "desk",
    4711,
    "",
    (
        Attempt(1, b"1", "done", apart=False),
        Attempt(2, b"2", "failed", True, "42703", 'column "emial" does not exist'),
    ),
)
HALT = Halt(BROKEN, 2, 3)


def script(migration: Migration, *texts: str, transactional: bool = True) -> Script:
    statements = [Statement(text, number) for number, text in enumerate(texts, 3)]
    return Script(migration, "up", statements, len(texts), transactional, plain=True)


def survey() -> Survey:
    """Applied, edited, broken off, pending, deleted and ahead, all at once."""
    entries = [
        File(USERS, "applied", THEN.replace(tzinfo=None)),
        File(NAMES, "applied", THEN.replace(tzinfo=None), edited=True),
        File(EMAIL, "pending", None),
        File(LATE, "missing", None),
    ]
    gone = [Gone(6, "", ahead=True), Gone(7, "00007_prices.sql", ahead=True)]
    return Survey(SERVER, entries, [Applied(7, True)], 7, gone, [HALT], blind=False)


def foresight() -> Foresight:
    """A file that goes on at its second statement, and one that was not begun."""
    begun = script(EMAIL, *TEXTS, transactional=False)
    steps = [Foreseen(begun, Resume(2)), Foreseen(script(LATE, "CREATE TABLE orders (id bigint);"))]
    return Foresight(SERVER, True, 2, steps)


def entry(number: int, migration: Migration, state: str, statement: int | None = None, **other: Any) -> Entry:
    made = Entry(
        number, "0b1f2c3d-0000-4000-8000-00000000000a", migration.version, "up", migration.name, statement,
        state, "ana", "desk", "greylag 0.1.0", THEN, LATER, 0.0, 0, "", "", bytes(32), bytes(range(32)), True,
    )  # fmt: skip
    return made._replace(**other)


def past() -> Past:
    """What the journal says of the same."""
    said = 'column "emial" does not exist\nand a second line'
    entries = [
        entry(6, EMAIL, "resolved", 2),
        entry(5, EMAIL, "failed", 2, sqlstate="42703", error=said),
        entry(4, EMAIL, "done", 1, finished=THEN),
        entry(3, EMAIL, "failed", sqlstate="42703", error=said, lock_wait_seconds=2.04, retries=1),
        entry(2, NAMES, "begun", finished=None, retries=3),
        entry(1, USERS, "adopted", kept=False),
    ]
    return Past(SERVER, True, False, entries, [], {})


def bare() -> Past:
    """A database that only goose has seen."""
    stamps = [Stamp(2, False, None), Stamp(1, True, THEN.replace(tzinfo=None))]
    return Past(SERVER, False, False, [], stamps, {1: USERS.name})


def situation() -> Situation:
    """The file that was broken off, in doubt, with an edit in what ran."""
    doubt = BROKEN._replace(attempts=(BROKEN.attempts[0], Attempt(2, b"2", "begun", apart=True)))
    statements = [Statement(text) for text in TEXTS]
    return Situation(
        3, EMAIL.name, "unfinished", Halt(doubt, 2, 3), statements, frozenset((1,)), doubtful=True
    )


def keeping() -> Keeping:
    """A table in each state."""
    server = SERVER._replace(engine="clickhouse", version="26.9")
    band = Retention(Duration(90 * 86400, "90 days"), Duration(365 * 86400, "1 year"))
    age = Age(1200, 98304, "2026-01-02 03:04:05", 0, 0)
    warning = "it rewrites every part at once; SETTINGS materialize_ttl_after_modify = 0 leaves them to later merges"
    statement = "ALTER TABLE shop.logins ON CLUSTER 'c' MODIFY TTL at + INTERVAL 1 YEAR"
    missing = Problem(
        "no-ttl", "no TTL deletes rows: they are kept for ever, and 90 days to 1 year are wanted"
    )
    verdicts = [
        Verdict("shop", "countries", "none", notes=["no column of a time: nothing says how old a row is"]),
        Verdict("shop", "events", "ok", "1 year by ts", "ts + toIntervalYear(1)", "ts + toIntervalYear(1)", age=age),
        Verdict("shop", "holds", "kept", "for ever", notes=["because a court may ask"]),
        Verdict(
            "shop", "logins", "bad", "for ever", problems=[missing], notes=["ip is emptied after 9 days by at already"],
            fix=Fix(statement, "at + INTERVAL 1 YEAR", warning), deletes=12, age=age._replace(oldest=""),
        ),
    ]  # fmt: skip
    return Keeping(server, band, "c", verdicts)


def _lines(lines: Any) -> str:
    return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


CASES: dict[str, Callable[[], str]] = {
    "status.txt": lambda: _lines(status._listing(survey())),
    "matrix.txt": lambda: _lines(status.matrix([(TARGET, survey())])),
    "status.json": lambda: _json([status._survey_facts(TARGET, "SHOP_PROD_URL", survey())]),
    "plan.txt": lambda: _lines(look._plan_lines("up", foresight(), sql=False)),
    "plan_sql.txt": lambda: _lines(look._plan_lines("up", foresight(), sql=True)),
    "plan.json": lambda: _json([look._plan_facts(TARGET, "up", foresight())]),
    "history.txt": lambda: _lines(history._lines(past())),
    "history_bare.txt": lambda: _lines(history._lines(bare())),
    "history.json": lambda: _json([history._facts(TARGET, past())]),
    "history_bare.json": lambda: _json([history._facts(TARGET, bare())]),
    "resolve.txt": lambda: _lines(resolve._lines(situation())),
    "resolve.json": lambda: _json(resolve._situation_facts(TARGET.name, SERVER, [situation()])),
    "retention.txt": lambda: _lines(retention._lines(keeping())),
    "retention.json": lambda: _json([retention._facts(TARGET, "SHOP_PROD_URL", keeping())]),
}
"""Name of the golden file to what makes it."""


def main() -> None:
    os.environ["NO_COLOR"] = "1"
    for name, made in CASES.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
