"""Golden events of ``--json``: what a run tells while it waits. ``python -m tests.golden.event_cases`` accepts."""

from __future__ import annotations

import json
from pathlib import Path

from greylag.cli.progress import notice_facts, progress_facts
from greylag.databases.postgres import dsn
from greylag.databases.postgres.careful.wait_text import describe, wait_facts
from greylag.databases.postgres.careful.waits import Blocker, Prepared, Wait
from greylag.databases.postgres.careful.watcher import Watcher
from greylag.model.event import Notice, Progress
from greylag.model.migration import Migration

FOLDER = Path(__file__).parent / "events"
TARGET, LABEL = "shop@prod", "00007_email.sql, statement 3"
FILE = Migration(7, "migrations/00007_email.sql")
NOWHERE = "postgres://app@127.0.0.1:1/shop"


def blocked() -> dict[str, object]:
    """A session that is idle in a transaction, and one that has prepared its own."""
    query = "SELECT count(*) FROM users"
    idle = Blocker(
        4711,
        (),
        "app",
        "backend api",
        "10.0.0.5",
        "idle in transaction",
        "client backend",
        query,
        185.25,
        False,
    )
    prepared = (Prepared("pay-7", "app", 7500.0),)
    wait = Wait("relation", "AccessExclusiveLock", "users", "", "", (0, 4711), (idle,), prepared, 2)
    return notice_facts(Notice("blocked", describe(wait, 1.25, LABEL), wait_facts(wait, 1.25, LABEL)), TARGET)


def unwatched() -> dict[str, object]:
    """A watcher that finds no server."""
    told: list[Notice] = []
    Watcher(dsn.parse(NOWHERE, {}), 4700, told.append).look(1.0, LABEL)  # type: ignore[arg-type]
    return notice_facts(told[0], TARGET)


def progress() -> dict[str, object]:
    """An index build in the middle of the table."""
    return progress_facts(
        Progress(FILE, "up", 3, 4, 754.3, "building index: scanning table", 43210, 100000), TARGET
    )


CASES = {"blocked": blocked, "unwatched": unwatched, "progress": progress}


def text(name: str) -> str:
    """The event, set so that a difference can be read."""
    return json.dumps(CASES[name](), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    for name in CASES:
        (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
