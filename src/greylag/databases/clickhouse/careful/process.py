"""Naming this process so that another one on the same machine can tell whether it still runs."""

from __future__ import annotations

import os


def mark() -> str:
    """Boot of the machine, namespace of processes, pid, start: unique; empty where it cannot be told."""
    place = _place()
    started = _started(os.getpid())
    return f"{place}/{os.getpid()}/{started}" if place and started else ""


def is_gone(other: str) -> bool:
    """Whether the process of a mark has ended for sure. Of another machine or namespace nothing is sure."""
    place, _, process = other.partition("/")
    pid, _, started = process.partition("/")
    if not place or place != _place() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _place() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        return f"{boot}:{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a process began, in ticks since the boot; empty for one that is gone, or waits to be buried."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(") ")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
