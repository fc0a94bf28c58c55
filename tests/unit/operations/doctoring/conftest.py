"""A sound target as the checks see it, of which a test changes one fact."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from greylag.model.examination import Examination
from greylag.model.server import Server
from greylag.model.target import Target
from greylag.operations.doctoring.finding import Subject

SETTINGS = {
    "TimeZone": "UTC", "lock_timeout": "0", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0",
    "default_transaction_read_only": "off", "max_connections": "100", "superuser_reserved_connections": "3",
    "reserved_connections": "0", "synchronous_commit": "on", "synchronous_standby_names": "",
}  # fmt: skip
FACTS: dict[str, Any] = {
    "login": {"role": "app", "number": 160004, "superuser": False, "sees_all": True, "standby": False, "tls": None},
    "settings": {name: {"value": value, "unit": "ms", "source": "default"} for name, value in SETTINGS.items()},
    "given": [],
    "trip": {"seconds": 0.0012, "ahead_seconds": 0.01},
    "pooler": "",
    "connections": {"clients": 5, "here": 3, "mine": 2, "database_limit": -1, "role_limit": -1},
    "standbys": {"synchronous": 0, "waiting": 0},
    "rights": {"database": True, "schemas": {"public": True}},
    "table": {
        "schema": "public", "there": True, "owner": "app", "select": True, "insert": True, "delete": True,
        "columns": {
            "id": {"type": "integer", "default": True}, "version_id": {"type": "bigint", "default": False},
            "is_applied": {"type": "boolean", "default": False},
            "tstamp": {"type": "timestamp without time zone", "default": True},
        },
        "sequence": "goose_db_version_id_seq",
    },
    "strangers": [],
    "local_times": 0,
    "lock": [],
    "processes": [],
    "indexes": [],
    "constraints": [],
    "prepared": [],
    "rows": [[1, 0, True, False], [2, 1, True, False], [3, 2, True, False]],
    "sequence": [3, True],
}  # fmt: skip


class Patient:
    """Facts to change, and the subject made of them."""

    def __init__(self) -> None:
        self.facts = copy.deepcopy(FACTS)
        self.unseen: dict[str, str] = {}
        self.server = Server("postgres", "16.4", "127.0.0.1", 5432, "shop", "app")
        self.target = Target(
            "shop@dev",
            "shop",
            "shop",
            "dev",
            "postgres",
            "/m",
            "goose_db_version",
            "shop",
            False,
            False,
            None,
        )
        self.more: dict[str, Any] = {}

    def set(self, name: str, value: str, source: str = "database", unit: str = "ms") -> None:
        self.facts["settings"][name] = {"value": value, "unit": unit, "source": source}

    @property
    def subject(self) -> Subject:
        examination = Examination(self.server, self.facts, self.unseen)
        return Subject(self.target, "--dsn", "goose_db_version", examination, (1, 2), **self.more)


@pytest.fixture
def patient() -> Patient:
    return Patient()
