"""Cancelling what a connection's server process does, also when the connection itself is lost."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.libpq import Libpq

_SECONDS = 2.0
"""How long a request to cancel is waited for: libpq's call blocks, for minutes where a link is dead."""


class Canceller:
    """Holds the secret that cancels; ``pid`` is the process, behind a pooler a made-up number."""

    def __init__(self, libpq: Libpq, handle: int) -> None:
        self.pid = libpq.backend_pid(handle)
        self._libpq = libpq
        self._secret = libpq.get_cancel(handle)
        self._hangs = False

    def cancel(self) -> None:
        """Ask the server to cancel. It may come too late, or between two statements: that is not told."""
        import _thread

        libpq, secret = self._libpq, self._secret
        if not secret:
            return
        done = _thread.allocate_lock()
        done.acquire()

        def ask() -> None:
            import ctypes

            libpq.cancel(secret, ctypes.create_string_buffer(256), 256)
            done.release()

        _thread.start_new_thread(ask, ())
        if not done.acquire(timeout=_SECONDS):
            self._hangs = True

    def close(self) -> None:
        """Forget the secret, unless a thread still uses it."""
        if self._secret and not self._hangs:
            self._libpq.free_cancel(self._secret)
            self._secret = None
