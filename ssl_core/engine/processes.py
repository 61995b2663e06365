"""Who holds a run: a process, named so that another one with the same number is never mistaken for it."""

import os
import socket
from dataclasses import dataclass

import psutil

START_TOLERANCE_S = 2.0
"""The system's idea of when a process started moves with its clock; numbers are not given out again this fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """A process as it is written into the store: host, number, start time and what it is there for."""

    host: str
    pid: int
    started_at: float
    role: str  # "engine", "worker", or "command": a run in the foreground of a terminal

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}:{self.started_at:.2f}:{self.role}"

    @classmethod
    def parse(cls, text: str) -> "ProcessMark | None":
        """Read what ``str`` wrote, or return None for any other text."""
        parts = text.rsplit(":", 3)
        try:
            host, pid, started_at, role = parts
            return cls(host=host, pid=int(pid), started_at=float(started_at), role=role)
        except ValueError:
            return None

    @property
    def is_here(self) -> bool:
        """True if it belongs to this machine, so that its life can be seen directly."""
        return self.host == socket.gethostname()

    def is_alive(self) -> bool:
        """Say whether that very process is still there; one that has ended but was not collected counts as gone."""
        try:
            process = psutil.Process(self.pid)
            is_same = abs(process.create_time() - self.started_at) < START_TOLERANCE_S
            return bool(is_same and process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:  # somebody else's process: ours would let us look
            return False

    def kill(self) -> None:
        """End that very process at once; nothing happens if it is gone."""
        if self.is_alive():
            try:
                psutil.Process(self.pid).kill()
            except psutil.NoSuchProcess:  # it went in between
                return

    def terminate(self) -> bool:
        """Ask that very process to end; False if it is gone, or somebody else's."""
        if not self.is_alive():
            return False
        try:
            psutil.Process(self.pid).terminate()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False
        return True


def mark_of(role: str, pid: int | None = None) -> ProcessMark:
    """Return the mark of process ``pid`` (default: this one) in ``role``.

    Raises: psutil.NoSuchProcess if it is gone.
    """
    number = os.getpid() if pid is None else pid
    return ProcessMark(host=socket.gethostname(), pid=number, started_at=psutil.Process(number).create_time(), role=role)
