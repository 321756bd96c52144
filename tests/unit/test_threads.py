"""How many threads of linear algebra a command takes: one, unless the user says more."""

import os

import pytest

from ca1ltd.threads import ONE_THREAD, take_one_thread


def taken(monkeypatch, **said):
    monkeypatch.setattr(os, "environ", dict(said))
    take_one_thread()
    return os.environ


def test_a_command_takes_one_thread(monkeypatch):
    assert taken(monkeypatch, HOME="here") == {"HOME": "here", **ONE_THREAD}


@pytest.mark.parametrize("name", ONE_THREAD)
def test_what_the_user_says_stays(monkeypatch, name):
    assert taken(monkeypatch, **{name: "4"}) == {name: "4"}
