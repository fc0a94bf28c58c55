from __future__ import annotations

from greylag.model.spaces import SPACES


def test_all_but_four_of_pythons_white_space() -> None:
    python = {chr(point) for point in range(0x110000) if chr(point).isspace()}
    assert python - set(SPACES) == set("\x1c\x1d\x1e\x1f")
    assert set(SPACES) <= python
