"""A server that stops, is full, or has no room left."""

from __future__ import annotations

from greylag.operations.troubles.trouble import Trouble

TROUBLES = (
    Trouble(
        "57P01",
        "The server was stopped or restarted, or somebody ended this session (pg_terminate_backend). When "
        "the "
        "server answers again, greylag status shows what is applied",
    ),
    Trouble(
        "57P03",
        "The server is starting, stopping or recovering. It usually answers within a minute; its log says "
        "what it "
        "is doing",
        again="run the same command again then",
    ),
    Trouble(
        "53100",
        "The server's disk is full. Make room or enlarge the volume: old backups and logs, and replication "
        "slots "
        "that nobody reads (SELECT slot_name, active FROM pg_replication_slots). A change that rewrites a "
        "table "
        "needs its size once more",
    ),
    Trouble(
        "53300",
        "Every connection the server or the role may have is in use. Close some, or let the application's "
        "pool "
        "hold fewer; SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1 shows whose they are",
    ),
)
