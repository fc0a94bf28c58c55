from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from greylag.cli.interrupt import SignalInterrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_noted_and_wakes(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with SignalInterrupt() as interrupt:
        assert interrupt.signal == 0
        assert select.select([interrupt.fileno()], [], [], 0)[0] == []
        os.kill(os.getpid(), number)
        assert select.select([interrupt.fileno()], [], [], 5)[0] == [interrupt.fileno()]
        assert interrupt.signal == number
    assert signal.getsignal(number) is before


def test_the_second_signal_ends_the_process() -> None:
    code = (
        "import os, signal\nfrom greylag.cli.interrupt import SignalInterrupt\n"
        "with SignalInterrupt() as i:\n os.kill(os.getpid(), signal.SIGINT)\n print(i.signal, flush=True)\n"
        " os.kill(os.getpid(), signal.SIGTERM)\n print('alive')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGTERM, "2\n", "")


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with SignalInterrupt() as interrupt:
            os.kill(os.getpid(), signal.SIGINT)
            assert interrupt.signal == 0
            os.kill(os.getpid(), signal.SIGTERM)
            assert interrupt.signal == signal.SIGTERM
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
