"""What every test may use."""

from __future__ import annotations

pytest_plugins = ["tests.plugins.embedded", "tests.plugins.peers", "tests.plugins.postgres"]
