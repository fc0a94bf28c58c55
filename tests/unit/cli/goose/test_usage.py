from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.cli.goose.flags import Flags, parse_flags
from greylag.cli.goose.usage import print_usage

if TYPE_CHECKING:
    import pytest


def test_head_and_commands_on_stdout_flags_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    print_usage()
    out, err = capfd.readouterr()
    assert out.startswith("Usage: goose DRIVER DBSTRING [OPTIONS] COMMAND\n\nor\n")
    assert out.endswith("    validate             Check migration files without running them\n\n")
    assert err.startswith("  -allow-missing\n    \tapplies missing")
    assert '(default ".")\n' in err
    assert "\n  -v\tenable verbose mode\n" in err


def test_every_flag_is_described(capfd: pytest.CaptureFixture[str]) -> None:
    print_usage()
    described = [line.split()[0] for line in capfd.readouterr().err.splitlines() if line.startswith("  -")]
    assert described == sorted(f"-{name.replace('_', '-')}" for name in vars(Flags()))
    for name in described:
        flags, words = parse_flags([f"{name}=1s" if name == "-timeout" else f"{name}=1"])
        assert words == []
        assert vars(flags) != vars(Flags())
