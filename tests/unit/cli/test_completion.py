from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(shell: str, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.shell_completion.BashComplete._check_version", staticmethod(lambda: None))
    answer = here.greylag("completion", shell)
    assert answer.code == 0 and f"_GREYLAG_COMPLETE={shell}_complete" in answer.out
    assert f"greylag completion {shell}" in here.greylag("completion", "-h").out


def test_a_shell_nobody_knows(here: Here) -> None:
    answer = here.greylag("completion", "tcsh")
    assert answer.code == 2 and "'tcsh' is not one of" in answer.err
