from __future__ import annotations

from greylag.cli.goose.call import Call
from greylag.cli.goose.flags import parse_flags
from greylag.cli.goose.settings import Settings


def test_the_folder_is_what_flags_and_settings_come_to() -> None:
    flags, words = parse_flags(["up", "-dir", "x"])
    call = Call(flags, Settings({"GOOSE_MIGRATION_DIR": "y"}), words, {})
    assert (call.folder, call.words, call.flags.dir) == ("x", ["up"], "x")
