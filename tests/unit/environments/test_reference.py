"""The reference page says everything the table of keys knows."""

from __future__ import annotations

import subprocess
import sys

from greylag.environments.reference import describe
from greylag.environments.settings import SECTIONS, SETTINGS


def test_every_section_and_key_has_its_line() -> None:
    page = describe()
    for section in SECTIONS:
        assert f"\n## `[{section.replace('*', 'NAME')}]`\n" in page
    assert sum(line.startswith("| `") for line in page.splitlines()) == len(SETTINGS)


def test_a_line_tells_example_kind_default_and_meaning() -> None:
    page = describe()
    assert (
        '| `lock_timeout = "2s"` | duration | `"2s"` | How long a statement that others would queue behind '
        "waits for its lock. |" in page
    )
    assert '| `require_backup = "1 hour"` | duration |  | *Later.* No write without a backup' in page
    assert "| `protected = true` | true or false | `false` | Writing asks" in page
    assert (
        "| `name = \"my-girok\"` | text | the folder's name | The workspace's name, for patterns. |" in page
    )
    assert '| `out_of_order = "refuse"` | `refuse` or `allow` | `"refuse"` |' in page


def test_it_is_printed_by_the_module() -> None:
    words = [sys.executable, "-m", "greylag.environments.reference"]
    assert subprocess.run(words, check=True, capture_output=True, text=True).stdout == describe()
