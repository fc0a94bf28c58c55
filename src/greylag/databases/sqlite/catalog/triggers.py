"""Triggers, read from their text: no pragma tells of them."""

from __future__ import annotations

from greylag.databases.sqlite.catalog.tokens import name_of, text_of, tokens_of
from greylag.model.catalog.tables import Trigger

_TIMINGS = {"BEFORE": "before", "AFTER": "after", "INSTEAD": "instead of"}
_EVENTS = ("INSERT", "UPDATE", "DELETE")


def trigger_of(name: str, sql: str) -> Trigger:
    """The trigger that a CREATE TRIGGER makes (https://www.sqlite.org/lang_createtrigger.html)."""
    tokens = tokens_of(sql)
    keys = [token.key for token in tokens]
    place = next(each for each, key in enumerate(keys) if key in _EVENTS)
    timing = next((word for key, word in _TIMINGS.items() if key in keys[:place]), "before")
    on = keys.index("ON", place)
    columns = tokens[place + 2 : on : 2] if keys[place + 1] == "OF" else []
    begin = keys.index("BEGIN", on)
    when = keys.index("WHEN", on) if "WHEN" in keys[on:begin] else begin
    return Trigger(
        name,
        timing,
        (keys[place].lower(),),
        columns=tuple(map(name_of, columns)),
        condition=text_of(tokens[when + 1 : begin]).strip(),
        definition=text_of(tokens).strip(),
    )
