"""Processes forked from one that has imported everything: tests pay for the imports once.

They have as much of `subprocess.Popen` as is used. Where a test is of how a process starts, and
where libraries that are loaded do not survive a fork, `subprocess` itself is used.
"""

import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from multiprocessing import forkserver, reduction
from pathlib import Path
from unittest import mock

from search_path import with_fakes

from ca1ltd.experiment.workers import local
from ca1ltd.experiment.workers.server import FORKS_LOADED

COMMAND = Path(__file__).with_name("ca1ltd_with_fake_slices.py")

# Not the commands themselves: what is faked of them is faked before they are imported.
_IMPORTED = ("pytest", "rich.progress", "fake_slice", COMMAND.stem, "ca1ltd.figures.ltd")


def start_command(*words, cwd, **environment):
    """Start ``ca1ltd`` with slices that are made up."""
    env = {**os.environ, "PYTHONPATH": with_fakes(), "OPENBLAS_NUM_THREADS": "1", **environment}
    if FORKS_LOADED:
        return ForkedCommand([COMMAND.stem, *words], cwd=cwd, env=env)
    return subprocess.Popen(
        [sys.executable, COMMAND, *map(str, words)],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class _Forked:
    """A process that calls ``main()`` of a module, with words in ``sys.argv``."""

    def __init__(self, words, streams, *, cwd, env):
        module, *words = map(str, words)
        descriptors = [_Stream(stream.fileno()) for stream in streams]
        called = module, words, os.fspath(cwd), dict(env), descriptors
        self._process = _context().Process(target=_call, args=called)
        self._process.start()

    @property
    def pid(self):
        return self._process.pid

    @property
    def returncode(self):
        return self._process.exitcode

    def poll(self):
        return self._process.exitcode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutError(f"process {self.pid} still runs")
        return self.returncode

    def send_signal(self, signal):
        if self.poll() is None:
            os.kill(self.pid, signal)

    def kill(self):
        self._process.kill()


class ForkedCommand(_Forked):
    """A command; what it prints is kept until it ends."""

    def __init__(self, words, *, cwd, env):
        self._folder = tempfile.TemporaryDirectory()
        self._files = [Path(self._folder.name, name) for name in ("out", "err")]
        self._said = None
        with ExitStack() as files:
            nothing = files.enter_context(open(os.devnull, "rb"))
            said = [files.enter_context(path.open("wb")) for path in self._files]
            super().__init__(words, [nothing, *said], cwd=cwd, env=env)

    def communicate(self, timeout=None):
        self.wait(timeout)
        if self._said is None:
            with self._folder:
                self._said = tuple(path.read_text(encoding="utf-8") for path in self._files)
        return self._said


class ForkedServer(_Forked):
    """A process with which one talks by its standard input and output."""

    def __init__(self, command, *, cwd, env, **pipes):
        (given, stdin), (stdout, told) = os.pipe(), os.pipe()
        self.stdin, self.stdout = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")
        with os.fdopen(given, "rb") as given, os.fdopen(told, "wb") as told:
            words = command[command.index("-m") + 1 :]
            super().__init__(words, [given, told, sys.__stderr__], cwd=cwd, env=env)

    def communicate(self):
        with self.stdout:
            self.stdin.close()
            self.stdout.read()
        self.wait()


class _Stream:
    """A descriptor that goes with a process."""

    def __init__(self, descriptor):
        self.descriptor = descriptor

    def __reduce__(self):
        return _arrived, (reduction.DupFd(self.descriptor),)


def _arrived(duplicate):
    return _Stream(duplicate.detach())


def _context():
    """Return how to fork: from the process with the imports, or in one that came of it."""
    if multiprocessing.parent_process() is not None:
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    with mock.patch.dict(os.environ, PYTHONPATH=with_fakes(), OPENBLAS_NUM_THREADS="1"):
        forkserver.ensure_running()
    return context


def _call(module, words, folder, environment, streams):
    for number, stream in enumerate(streams):
        os.dup2(stream.descriptor, number)
    os.closerange(3, 1024)  # as at an exec: a pipe ends when those that are meant close it
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    local.Popen = ForkedServer
    sys.argv = [module, *words]
    sys.exit(importlib.import_module(module).main())
