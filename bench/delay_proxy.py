"""A TCP proxy that holds every chunk back for half a round trip, in both directions, and keeps throughput.

    python bench/delay_proxy.py TARGET_PORT ROUND_TRIP_MS

prints the port it listens on (127.0.0.1) and runs until it is ended. Chunks are stamped as they arrive and
let go when they are due, so that a hundred of them in flight wait together, as on a long line. Threads and
time.sleep do the waiting: asyncio rounds its timers up to whole milliseconds.
"""

from __future__ import annotations

import queue
import socket
import sys
import threading
import time

CHUNK_BYTES = 65536
MOST_CHUNKS = 4096  # in flight in one direction; above that the sender waits
WAKE_UP_SECONDS = 0.0002  # how late a sleeper may wake: the last stretch is spun away


Chunk = tuple[float, bytes]


def pump(source: socket.socket, sink: socket.socket, delay_seconds: float) -> None:
    """Move bytes one way until the sender is done, each chunk ``delay_seconds`` after it came."""
    waiting: queue.Queue[Chunk] = queue.Queue(MOST_CHUNKS)
    threading.Thread(target=_let_go, args=(waiting, sink), daemon=True).start()
    while True:
        try:
            data = source.recv(CHUNK_BYTES)
        except OSError:
            data = b""
        waiting.put((time.monotonic() + delay_seconds, data))
        if not data:
            return


def _let_go(waiting: queue.Queue[Chunk], sink: socket.socket) -> None:
    while True:
        due, data = waiting.get()
        left = due - time.monotonic()
        if left > WAKE_UP_SECONDS:
            time.sleep(left - WAKE_UP_SECONDS)
        while time.monotonic() < due:
            pass
        try:
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)
        except OSError:
            return


def _join(client: socket.socket, target_port: int, delay_seconds: float) -> None:
    server = socket.create_connection(("127.0.0.1", target_port))
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    forth = threading.Thread(target=pump, args=(client, server, delay_seconds), daemon=True)
    back = threading.Thread(target=pump, args=(server, client, delay_seconds), daemon=True)
    forth.start()
    back.start()


def serve(target_port: int, round_trip_seconds: float) -> None:
    """Accept connections for ever and print the port first."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            client, _ = listener.accept()
            _join(client, target_port, round_trip_seconds / 2)


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]) / 1000)
