"""The process that starts those of the slices: ``python -m ca1ltd.experiment.workers.server``.

It imports once what every slice needs and then forks: each slice has a process of its own, in which
nothing has been simulated, and no process pays for the imports again. It is told of a slice by the
path of a file with the job, one in a line of standard input, and passes on what the slices tell,
lines of JSON, on standard output. When its input ends, because the pool is done or is gone, it
kills what still runs.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.workers import process

FORKS_LOADED: Final = sys.platform == "linux"
"""Whether a process may be forked that has loaded libraries: those of a Mac do not survive it."""
_AT_ONCE = 65536


@dataclass(slots=True)
class _Child:
    number: int
    pid: int
    told: bytes = b""


class _Server:
    """Forks a process for each job, and passes on what they tell."""

    def __init__(self, commands: int, pool: int) -> None:
        self._commands, self._pool = commands, pool
        self._selector = selectors.DefaultSelector()
        self._selector.register(commands, selectors.EVENT_READ)
        self._children: dict[int, _Child] = {}

    def serve(self) -> process.Job | None:
        """Return None when there is nothing more to do; in each forked process, its job."""
        waiting = b""
        while True:
            for key, _ in self._selector.select():
                if key.fd != self._commands:
                    self._pass_on(key.fd)
                    continue
                given = os.read(self._commands, _AT_ONCE)
                if not given:
                    return None
                *paths, waiting = (waiting + given).split(b"\n")
                for path in paths:
                    job = self._fork(Path(os.fsdecode(path)))
                    if job is not None:
                        return job

    def _fork(self, path: Path) -> process.Job | None:
        description: dict[str, Any] = json.loads(path.read_bytes())
        path.unlink()
        read_end, write_end = os.pipe()
        try:
            pid = os.fork()
        except OSError as error:
            os.close(read_end)
            os.close(write_end)
            why = f"no process can be started: {error.strerror}"
            number = description["number"]
            self._tell(process.message(number, event="failed", error="RunError", message=why))
            self._tell(process.message(number, event="ended", code=1))
            return None
        if pid == 0:
            self._let_go()
            os.close(read_end)
            return process.Job(description=description, report_to=write_end)
        os.close(write_end)
        self._children[read_end] = _Child(description["number"], pid)
        self._selector.register(read_end, selectors.EVENT_READ)
        return None

    def _let_go(self) -> None:
        """Close, in a process that was forked, what is the server's."""
        self._selector.close()
        for descriptor in (self._commands, self._pool, *self._children):
            os.close(descriptor)

    def _pass_on(self, read_end: int) -> None:
        child = self._children[read_end]
        heard = os.read(read_end, _AT_ONCE)
        if heard:
            # a process that is killed may leave half a line: only whole ones are passed on
            *lines, child.told = (child.told + heard).split(b"\n")
            self._tell(b"".join(line + b"\n" for line in lines))
            return
        self._selector.unregister(read_end)
        os.close(read_end)
        del self._children[read_end]
        _, status = os.waitpid(child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        self._tell(process.message(child.number, event="ended", code=code))

    def _tell(self, lines: bytes) -> None:
        while lines:
            lines = lines[os.write(self._pool, lines) :]

    def kill(self) -> None:
        """Kill the processes that still run."""
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
        for child in self._children.values():
            os.waitpid(child.pid, 0)


def main() -> int:
    """Serve the pool on standard input and output; in a forked process, run its slice."""
    # Ctrl-C reaches every process of the terminal; the pool decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = _Server(os.dup(0), os.dup(1))
    with open(os.devnull, "r+b") as nothing:  # what is imported may print
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    if FORKS_LOADED:
        gc.disable()
        # what cannot be imported is said by the slices, each of which fails
        with suppress(Exception):
            importlib.import_module(sys.argv[1].partition(":")[0])
        gc.freeze()  # nothing of it is garbage, and no slice looks for any in it
        gc.enable()
    job = None
    try:
        job = server.serve()
    except BrokenPipeError:
        pass  # the pool is gone
    finally:
        if job is None:
            server.kill()
    return 0 if job is None else process.run(job)


if __name__ == "__main__":
    status = main()
    if status == 0:  # else the log has yet to be written to its end
        os._exit(status)  # the system gives everything back at once, Python object by object
    sys.exit(status)
