"""A running statement is cancelled from beside, even when its connection is gone."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import canceller
from greylag.databases.postgres.canceller import Canceller
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel


def test_a_statement_is_cancelled(channel: Channel) -> None:
    assert channel.libpq.send_query(channel.handle, b"SELECT pg_sleep(60)")
    channel.libpq.flush(channel.handle)
    time.sleep(0.2)
    channel.canceller.cancel()
    with pytest.raises(DatabaseError) as caught:
        channel.discard()
    assert caught.value.sqlstate == "57014"


def test_the_process_is_known(channel: Channel) -> None:
    ((pid,),) = channel.fetch(b"SELECT pg_backend_pid()").rows
    assert pid is not None
    assert int.from_bytes(pid, "big") == channel.canceller.pid


def test_without_a_secret_nothing_happens(channel: Channel) -> None:
    channel.canceller.close()
    channel.canceller.cancel()
    channel.canceller.close()


def test_a_server_that_hangs_is_not_waited_for(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canceller, "_SECONDS", 0.05)
    release, freed = threading.Event(), []
    real = channel.libpq

    class Hanging:
        backend_pid, get_cancel = staticmethod(real.backend_pid), staticmethod(real.get_cancel)

        def cancel(self, *_rest: object) -> int:
            release.wait(60)
            return 1

        def free_cancel(self, secret: int) -> None:
            freed.append(secret)

    made = Canceller(Hanging(), channel.handle)  # type: ignore[arg-type]
    made.cancel()
    made.close()
    release.set()
    assert freed == []
