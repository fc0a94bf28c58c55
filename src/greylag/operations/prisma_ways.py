"""What of Prisma's commands changes a database, and goose's way of doing the same."""

from __future__ import annotations

_SYNC = "then greylag prisma db pull and greylag prisma generate"
WAYS = {
    "migrate dev": f"greylag new NAME, write the migration, greylag up; {_SYNC}",
    "migrate deploy": "greylag up TARGET applies what is pending (in a cluster: goose up in a job)",
    "migrate reset": "greylag reset TARGET takes everything back, greylag up TARGET applies it again",
    "migrate resolve": "greylag resolve TARGET says how a version stands, greylag baseline adopts a database",
    "db push": f"greylag new NAME, write the change as a migration, greylag up; {_SYNC}",
}
"""Commands of Prisma that policy forbids, and what to type instead."""
