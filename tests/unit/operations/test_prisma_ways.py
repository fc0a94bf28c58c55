from __future__ import annotations

from greylag.operations.prisma_ways import WAYS


def test_every_way_is_greylags() -> None:
    assert set(WAYS) == {"migrate dev", "migrate deploy", "migrate reset", "migrate resolve", "db push"}
    assert all(way.startswith("greylag ") for way in WAYS.values())
