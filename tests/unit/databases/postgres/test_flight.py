"""A file on its way starts its clock, and is not sent."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.postgres.flight import Failure, Flight
from greylag.errors import DatabaseError
from tests.engines.scripts import script


def test_a_new_flight() -> None:
    before = perf_counter_ns()
    flight = Flight(script(1, "SELECT 1;"))
    assert before <= flight.began <= perf_counter_ns()
    assert (flight.count, flight.sent) == (0, False)


def test_a_failure_can_be_given_another_cause() -> None:
    flight = Flight(script(1))
    failure = Failure(flight, "begin", None, DatabaseError("a", driver_text="a"))
    other = DatabaseError("b", driver_text="b")
    assert failure._replace(cause=other) == (flight, "begin", None, other)
