"""One table against the time its rows are to be kept. Nothing is asked of a server here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.databases.clickhouse.ttl import read_ttl
from greylag.operations.retaining import kinds
from greylag.operations.retaining.fixing import Fix, fix_of, materialize
from greylag.operations.retaining.lengths import Length, length_of, told, wanted_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from greylag.databases.clickhouse.ages import Age
    from greylag.databases.clickhouse.ttl import Element
    from greylag.model.catalog.tables import Table
    from greylag.model.workspace import Retention

    State = Literal["ok", "bad", "kept", "none"]

_DAY = 86400
GRACE_SECONDS = _DAY
"""Merges that delete rows run every few hours: what is due for less than a day is no fault."""
_TEXTS = (
    "String",
    "FixedString",
    "LowCardinality(String",
    "Nullable(String",
    "LowCardinality(Nullable(String",
)


class Problem(NamedTuple):
    """``kind`` is a word that stays the same, for programs."""

    kind: str
    text: str


class Verdict(NamedTuple):
    """How one table keeps its rows.

    ``state`` is ``ok``, ``bad`` (there are problems), ``kept`` for ever on purpose, or ``none``: nothing
    here goes by time. ``keeps`` says in words for how long, ``goes`` is the expression by which all rows do.
    ``deletes`` is how many rows the fix deletes at once; None where nobody counted.
    """

    schema: str
    name: str
    state: State
    keeps: str = ""
    ttl: str = ""
    goes: str = ""
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    fix: Fix | None = None
    deletes: int | None = None
    age: Age | None = None


def judge(table: Table, retention: Retention, age: Age | None, cluster: str = "") -> Verdict:
    """The verdict on a table of a database whose rows are kept as ``retention`` says."""
    verdict = Verdict(table.schema, table.name, "none", ttl=table.ttl, age=age)
    if not kinds.keeps_rows(table):
        return verdict._replace(notes=[f"{kinds.engine_of(table)}: no rows are kept here"])
    if table.comment.startswith(kinds.KEEP):
        return _kept_on_purpose(verdict, table.comment.removeprefix(kinds.KEEP).strip())
    if kinds.time_column(table) is None and not table.ttl:
        return verdict._replace(notes=["no column of a time: nothing says how old a row is"])
    if not kinds.has_ttl(table):
        return _without_ttl(verdict, table, retention)
    return _judge_ttl(verdict, table, retention, age, cluster)


def _kept_on_purpose(verdict: Verdict, reason: str) -> Verdict:
    if not reason.startswith("because ") or not reason.removeprefix("because ").strip():
        text = f"the comment keeps it for ever and says no reason: {kinds.KEEP} because …"
        return verdict._replace(state="bad", keeps="for ever", problems=[Problem("no-reason", text)])
    return verdict._replace(state="kept", keeps="for ever", notes=[reason])


def _without_ttl(verdict: Verdict, table: Table, retention: Retention) -> Verdict:
    if retention.max is None:
        return verdict._replace(state="ok", keeps="for ever")
    text = f"{kinds.engine_of(table)} knows no TTL: rows are kept for ever, and {_wanted(retention)}"
    return verdict._replace(state="bad", keeps="for ever", problems=[Problem("no-ttl-engine", text)])


def _judge_ttl(
    verdict: Verdict, table: Table, retention: Retention, age: Age | None, cluster: str
) -> Verdict:
    elements = read_ttl(table.ttl)
    all_rows = next((element for element in elements if element.deletes), None)
    problems = list(
        _missing(elements, retention) if all_rows is None else _faults(table, all_rows, retention)
    )
    for element in elements:
        if element.action == "delete" and element.condition:
            problems += _too_short(table, element, retention)
    fix = fix_of(table, elements, retention, [problem.kind for problem in problems], cluster)
    if age is not None and all_rows is not None:
        problems += _left(age)
    if fix is None and "overdue" in {problem.kind for problem in problems}:
        fix = materialize(table, cluster)
    return verdict._replace(
        state="bad" if problems else "ok",
        keeps="for ever" if all_rows is None else _words(table, all_rows),
        goes=all_rows.expression if all_rows else "",
        problems=problems,
        notes=list(_notes(table, elements, retention, age if all_rows else None)),
        fix=fix,
    )


def _missing(elements: Sequence[Element], retention: Retention) -> Iterator[Problem]:
    if retention.max is None:
        return
    some = next((element.condition for element in elements if element.action == "delete"), "")
    if some:
        text = f"only rows WHERE {some} are deleted: the others are kept for ever"
    else:
        text = "no TTL deletes rows: they are kept for ever"
    yield Problem("no-ttl", f"{text}, and {_wanted(retention)}")


def _faults(table: Table, element: Element, retention: Retention) -> Iterator[Problem]:
    text = next((column for column in _columns(table, element) if column[1].startswith(_TEXTS)), None)
    if text is not None:
        yield Problem(
            "not-a-time", f"the TTL counts from {text[0]}, a {text[1]}: text that is no time stops merges"
        )
    elif _length(table, element) is None:
        reason = "it cannot be told when rows go" if element.months is None else "each row says when it goes"
        yield Problem("unclear", f"{reason} ({element.expression}), and {_wanted(retention)}")
    else:
        yield from _too_short(table, element, retention)
        yield from _too_long(table, element, retention)


def _too_short(table: Table, element: Element, retention: Retention) -> Iterator[Problem]:
    length = _length(table, element)
    if length is None or retention.min is None:
        return
    early = _shift(element, kinds.EARLY_DAYS)
    if length.high - early < wanted_length(retention.min).low:
        which = f"rows WHERE {element.condition}" if element.condition else "rows"
        sooner = f", up to {early} days sooner," if early else ","
        text = f"{which} go after {_words(table, element)}{sooner} and {_wanted(retention)}"
        yield Problem("too-short", text)


def _too_long(table: Table, element: Element, retention: Retention) -> Iterator[Problem]:
    length = _length(table, element)
    if length is None or retention.max is None:
        return
    if length.low + _shift(element, kinds.LATE_DAYS) > wanted_length(retention.max).high:
        yield Problem("too-long", f"rows are kept for {_words(table, element)}, and {_wanted(retention)}")


def _left(age: Age) -> Iterator[Problem]:
    """Rows whose time is over."""
    if age.overdue_seconds > GRACE_SECONDS:
        text = (
            f"{_rows(age.overdue_rows)} ({age.overdue_bytes} bytes) should be gone since {age.overdue_since}"
        )
        yield Problem("overdue", f"{text} UTC: merges that delete are stopped or behind")


def _notes(table: Table, elements: Sequence[Element], retention: Retention, age: Age | None) -> Iterator[str]:
    """What is worth knowing and no fault."""
    least = wanted_length(retention.min).low if retention.min else 0
    for element in elements:
        length = _length(table, element)
        if element.action == "group by" and length is not None and length.high < least:
            yield f"rows are rolled up after {_words(table, element)} already"
    for column in table.columns:
        for element in read_ttl(column.ttl):
            length = _length(table, element)
            if length is not None and length.high < least:
                yield f"{column.name} is emptied after {_words(table, element)} already"
    if age is not None and age.uncomputed_rows:
        yield f"parts with {_rows(age.uncomputed_rows)} are older than the TTL: they learn it when merged"
    if age is not None and 0 < age.overdue_seconds <= GRACE_SECONDS:
        yield f"{_rows(age.overdue_rows)} are due since {age.overdue_since} UTC and go with the next merges"


def _length(table: Table, element: Element) -> Length | None:
    """How long rows stay; None where that cannot be told, or each row says so itself."""
    seconds = _seconds(table, element)
    if element.months is None or not (element.months or seconds):
        return None
    return length_of(element.months, seconds)


def _seconds(table: Table, element: Element) -> int:
    return element.seconds + element.plain * (_DAY if _counts_days(table, element) else 1)


def _counts_days(table: Table, element: Element) -> bool:
    """A bare number added to a Date is days; to a DateTime, seconds."""
    if element.base.startswith("toDate("):
        return True
    return (element.base, "Date") in (found := _columns(table, element)) or (element.base, "Date32") in found


def _words(table: Table, element: Element) -> str:
    length = _length(table, element)
    if length is None or element.months is None:
        return f"what {element.expression} says"
    return f"{told(element.months, _seconds(table, element))} by {element.base}"


def _columns(table: Table, element: Element) -> list[tuple[str, str]]:
    words = kinds.names_in(element.base or element.expression)
    return [(column.name, column.type.text) for column in table.columns if column.name in words]


def _shift(element: Element, days: dict[str, int]) -> int:
    return days.get(element.base.partition("(")[0], 0)


def _wanted(retention: Retention) -> str:
    least, most = retention
    if least == most:
        return f"{least} are wanted"
    if least and most:
        return f"{least} to {most} are wanted"
    return f"at least {least} are wanted" if least else f"at most {most} are wanted"


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"
