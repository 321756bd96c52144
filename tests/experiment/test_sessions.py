"""What a Python session may meet between two runs of a slice; slices are made up, not simulated."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import ca1ltd as ltd
from ca1ltd.errors import BadInput, RunError
from ca1ltd.experiment.workers import alone

PROTOCOL = ltd.protocols.test_pulses(duration=2, baseline=1)


@pytest.fixture
def made_up(fake_slices, monkeypatch):
    monkeypatch.setattr(alone, "RUN_SLICE", fake_slices)


def run(**options):
    return ltd.Slice(seed=1, synapses=4).run(PROTOCOL, **options)


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ("raise", RunError, "ZeroDivisionError: no conductance"),
        ("die", RunError, "its process died"),
        ("refuse", BadInput, "this cell has 12 axons there"),
    ],
)
def test_after_a_run_that_failed_the_next_one_works(made_up, monkeypatch, how, error, words):
    before = run().epsp
    monkeypatch.setenv("FAKE_FAILS", f"0:{how}")
    with pytest.raises(error, match=words) as kept:
        run()
    if error is RunError:
        assert "what the simulator prints" in "".join(kept.value.__notes__)
    monkeypatch.delenv("FAKE_FAILS")
    assert run().epsp.equals(before)  # while `kept` keeps the frames of the one that failed


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_after_an_error_or_ctrl_c_in_ones_own_function_the_next_run_works(
    made_up, monkeypatch, error
):
    def stumble(fraction):
        raise error

    monkeypatch.setenv("FAKE_SECONDS", "30")
    begun = time.monotonic()
    with pytest.raises(error):
        run(progress=stumble)
    assert time.monotonic() - begun < 25  # the slice was killed, and is not waited for
    monkeypatch.setenv("FAKE_SECONDS", "0")
    assert len(run().epsp)


@pytest.fixture
def in_a_terminal():
    """A job that a shell has put into the background ignores Ctrl-C; this one heeds it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_in_a_terminal_ends_the_run_and_the_next_one_works(
    made_up, in_a_terminal, monkeypatch
):
    monkeypatch.setenv("FAKE_SECONDS", "30")
    threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setenv("FAKE_SECONDS", "0")
    assert len(run().epsp)


def test_the_process_that_waits_for_the_next_slice_may_be_killed(made_up):
    run()
    (server,) = [one for key, one in alone._idle if key == (os.getpid(), alone.RUN_SLICE)]
    server._process.kill()
    server._process.wait()
    assert len(run().epsp)


def test_slices_run_in_several_threads_at_once(made_up, monkeypatch):
    monkeypatch.setenv("FAKE_SECONDS", "0.5")
    found = []
    threads = [threading.Thread(target=lambda: found.append(run().epsp)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert all(table.equals(found[0]) for table in found)


def test_a_session_that_ends_leaves_no_process_behind(fake_slices):
    session = """
        import os
        import ca1ltd as ltd
        from ca1ltd import build
        from ca1ltd.experiment.workers import alone

        build.build, alone.RUN_SLICE = lambda: None, "fake_slice:run_slice"
        protocol = ltd.protocols.test_pulses(duration=2, baseline=1)
        ltd.Slice(synapses=4).run(protocol)
        if os.fork() == 0:  # a process forked from the session has servers of its own
            ltd.Slice(synapses=4).run(protocol)
            raise SystemExit
        os.wait()
        ltd.Slice(synapses=4).run(protocol)
        print(*(server._process.pid for _, server in alone._idle))
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(session)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.stderr == ""
    (pid,) = ended.stdout.split()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_a_recording_can_be_removed_and_one_that_is_refused_leaves_nothing():
    rig = ltd.Slice(synapses=4)
    with pytest.raises(BadInput, match="cannot be recorded"):
        rig.record("tuft", "apic(0.5).v")
    rig.record("tuft", "apic[3](0.5).v")
    with pytest.raises(BadInput, match="`remove` removes it"):
        rig.record("tuft", "apic[4](0.5).v")
    rig.remove("tuft")
    with pytest.raises(BadInput, match="there is no recording 'tuft': there is none"):
        rig.remove("tuft")
    rig.record("tuft", "apic[4](0.5).v")
    rig.patch("apic[5](0.5)")
    rig.remove("apic[5](0.5)")
    rig.patch("apic[5](0.5)")
    with pytest.raises(BadInput, match="there is tuft, apic\\[5\\]"):
        rig.remove("soma")


def test_numbers_of_numpy_are_numbers(made_up):
    def slice_(number, whole):
        rig = ltd.Slice(
            seed=whole(1), synapses=whole(4), parameters=[("ca1bouton.u_rest", number(0.5))]
        )
        rig.patch("soma[0](0.5)", hold=number(-65), series_resistance=whole(5))
        return rig.run(PROTOCOL, drugs=[ltd.drugs.d_ap5(number(50))])

    assert slice_(np.float32, np.int64).spec == slice_(float, int).spec


def test_a_protocol_that_a_run_cannot_describe_is_refused(made_up):
    class Mine(type(PROTOCOL)):
        def pulses(self):
            return ()

    with pytest.raises(BadInput, match="the protocol is a Mine, which a run cannot describe"):
        ltd.Slice(synapses=4).run(Mine(duration=2, baseline=1))


def test_a_run_with_further_electrodes_is_not_resumed_as_one_without(
    made_up, fake_slices, tmp_path
):
    rig = ltd.Slice(synapses=4)
    rig.patch("soma[0](0.5)", hold=-65)
    path = rig.run(PROTOCOL).save(tmp_path / "patched").path
    spec = ltd.ExperimentSpec(protocol=PROTOCOL, slices=2, synapses=4)
    with pytest.raises(BadInput, match="holds another run, with setup"):
        ltd.run_experiment(spec, path, resume=True, function=fake_slices)


def test_a_slice_says_what_it_is():
    assert repr(ltd.Slice(synapses=4)) == "<Slice of dhc, seed 1, 4 synapses in each pathway>"
