"""Workspaces with an embedded server of their own, of which nothing is left after the test."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.postgres.embedded.places import digest_of
from greylag.databases.postgres.embedded.supervisor import ensure_running
from greylag.operations.scratch import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.databases.postgres.embedded.supervisor import EmbeddedServer

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 60


@dataclass
class Ground:
    """A folder any user can reach; data homes, runtime folders and workspaces of a test are all below it."""

    base: Path

    @property
    def workspace(self) -> Path:
        return self.folder("workspace")

    @property
    def data_home(self) -> Path:
        return self.base / "data"

    def folder(self, name: str) -> Path:
        folder = self.base / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def pid_files(self) -> list[Path]:
        return [
            Path(found) / "postmaster.pid"
            for found, _, files in os.walk(self.base)
            if "postmaster.pid" in files
        ]

    def stop_all(self) -> None:
        for pid_file in self.pid_files():
            lines = pid_file.read_text().splitlines()
            # a test may have put another process's number there
            if (
                Path(f"/proc/{lines[0]}/comm").exists()
                and "postgres" not in Path(f"/proc/{lines[0]}/comm").read_text()
            ):
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(lines[0]), signal.SIGQUIT)
            wait_until(lambda pid=int(lines[0]): not alive(pid))
            if len(lines) > 4 and lines[4].startswith("/tmp/greylag-"):
                shutil.rmtree(lines[4], ignore_errors=True)
        for found, _, files in os.walk(self.base):
            if "watched" in files:
                wait_until(lambda file=Path(found) / "watched": is_unlocked(file))
                for left in Path("/tmp").glob(
                    f"greylag-*-{digest_of(Path(found))}"
                ):  # of one that was killed
                    shutil.rmtree(left)


def alive(pid: int) -> bool:
    """Whether the process is there and not only its entry in the table."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
    except PermissionError:
        return True


def is_unlocked(file: Path) -> bool:
    with file.open("rb") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def wait_until(ready: Callable[[], object], what: str = "") -> None:
    """Wait for something that is sure to come; a test that waits for nothing fails."""
    over = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < over, f"waited {SECONDS} s in vain {what}"
        time.sleep(0.02)


@contextlib.contextmanager
def new_ground() -> Iterator[Ground]:
    base = Path(tempfile.mkdtemp(prefix="gl-", dir="/tmp"))
    base.chmod(0o755)
    ground = Ground(base)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(ground.folder("data")))
        patch.delenv("XDG_RUNTIME_DIR", raising=False)
        try:
            yield ground
        finally:
            ground.stop_all()
            shutil.rmtree(base)


@pytest.fixture
def ground() -> Iterator[Ground]:
    """Nothing runs here yet."""
    with new_ground() as ground:
        yield ground


@pytest.fixture(scope="module")
def shared_ground() -> Iterator[Ground]:
    """For tests that need a running server and leave it running."""
    with new_ground() as ground:
        yield ground


@pytest.fixture
def running(shared_ground: Ground, monkeypatch: pytest.MonkeyPatch) -> EmbeddedServer:
    """The server of ``shared_ground``."""
    monkeypatch.setenv("XDG_DATA_HOME", str(shared_ground.data_home))
    return ensure_running(shared_ground.workspace)


@pytest.fixture
def workshop(running: EmbeddedServer, shared_ground: Ground) -> Workshop:
    """Where scratch databases are made; the server is that of ``shared_ground``."""
    return Workshop(str(shared_ground.workspace))


@dataclass
class OrdinaryUser:
    """Runs Python as a user that is not root, whoever runs the tests."""

    ground: Ground
    python: str
    who: dict[str, Any]

    def folder(self, name: str) -> Path:
        """A folder of this user's."""
        folder = self.ground.folder(name)
        if self.who:
            os.chown(folder, self.who["user"], self.who["group"])
        return folder

    def ask(self, code: str, *words: object) -> Any:
        """Run ``code`` with ``server`` imported and ``words`` as ``args``; what it left in ``answer``."""
        program = (
            "import json, sys, dataclasses\n"
            "import greylag.operations.server as server\n"
            "from greylag.errors import EmbeddedError\n"
            "args = sys.argv[1:]\n" + code + "\n"
            "if dataclasses.is_dataclass(answer): answer = dataclasses.asdict(answer)\n"
            "print(json.dumps(answer, default=str))\n"
        )
        home = self.folder("home")
        paths = [str(REPOSITORY / "src"), *(entry for entry in sys.path if entry.endswith("site-packages"))]
        answer = subprocess.run(
            [self.python, "-c", program, *map(str, words)],
            capture_output=True, text=True, timeout=SECONDS, cwd="/", **self.who,
            env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)


@pytest.fixture
def ordinary_user(ground: Ground) -> OrdinaryUser:
    """Skipped where root runs the tests with a Python that nobody else can run."""
    if os.geteuid() != 0:
        return OrdinaryUser(ground, sys.executable, {})
    nobody = pwd.getpwnam("nobody")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    for python in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin")):
        user = OrdinaryUser(ground, python or "", who)
        with contextlib.suppress(OSError, AssertionError):
            if user.ask("answer = sys.version_info[:2] >= (3, 11)"):
                return user
    pytest.skip("root runs the tests, and no Python 3.11 of this machine can be run by another user")
