"""Bad input gets one sentence on standard error, exit status 2, and writes nothing."""

import os
import shutil

import pytest

import ca1ltd.cli.sweep
from ca1ltd import build
from ca1ltd.cli import main

BAD = [
    ("run ltp", ["no protocol 'ltp'", "lfs"]),
    ("run lfs --rate -1", ["rate is -1", "0.01 to 1000 Hz"]),
    ("run lfs --rate 1e9", ["rate is 1e9", "Hz"]),
    ("run lfs --pulses 0", ["pulses is 0"]),
    ("run lfs --rate 400", ["2.5 ms apart", "refractory period"]),
    ("run paired-pulse --interval 1", ["1 ms apart", "refractory period"]),
    ("run lfs --pairs 3", ["--pairs"]),
    ("run lfs --strength 100", ["strength is 100", "0.01 to 20 times the axons"]),
    ("run phases", ["no phases", "--file"]),
    ("run phases --file nowhere.json", ["cannot read the protocol nowhere.json"]),
    ("run phases --file file", ["the protocol file cannot be read", "is not JSON"]),
    ("run phases --file=", ["--file is empty", "give it a value"]),
    ("run phases --file other", ["cannot read the protocol other: Is a directory"]),
    ("run phases --file pipe", ["pipe cannot be read: it is no ordinary file"]),
    ("run phases --file /dev/zero", ["/dev/zero cannot be read: it is no ordinary file"]),
    ("run phases --file latin.json", ["latin.json cannot be read: it is not UTF-8", "save it as"]),
    ("run phases --file nameless.json", ["needs a 'name'", "with 'phases' it is phases"]),
    ("run phases --file both.json", ["'follow-up' is given twice, with a hyphen"]),
    ("run phases --file ansi.json", [r"no protocol '\x1b[31mlfs\x07'"]),
    ("run lfs --drug D-AP5+FK506=1", ["several drugs: write --drug D-AP5 --drug FK506=1"]),
    ("run lfs --drug none", ["--drug none is for sweeps", "leave the option out"]),
    ("run lfs --drug=", ["--drug is empty"]),
    ("run lfs --out --resume", ["--out has no value: after it comes --resume"]),
    ("run lfs --seed --json", ["--seed has no value: after it comes --json"]),
    ("run lfs --out=", ["--out is empty"]),
    ("run lfs --cell=", ["--cell is empty"]),
    ("run lfs --set=", ["--set is empty"]),
    ("run lfs --rate=", ["--rate is empty"]),
    ("sweep lfs --rate=", ["--rate is empty"]),
    (f"run lfs --out {'a' * 300}", ["cannot be written: File name too long"]),
    (f"sweep lfs --out {'a' * 300}", ["cannot be written: File name too long"]),
    (f"figure ltd --out {'a' * 300}", ["cannot be written: File name too long"]),
    (f"figure ltd --from {'a' * 300}", ["File name too long"]),
    (f"run phases --file {'a' * 300}", ["File name too long"]),
    (f"sweep list {'a' * 300}.csv", ["File name too long"]),
    (f"sweep table {'a' * 300}", ["File name too long"]),
    ("run lfs --set ca1ampa.e=1e6", ["ca1ampa.e", "between -150 and 150"]),
    ("run lfs --set ca1nmda.e=-200", ["ca1nmda.e", "between -150 and 150"]),
    ("sweep lfs --drug none,D-AP5", ["comma between conditions", "--drug none --drug D-AP5"]),
    ("sweep lfs --out --resume", ["--out has no value: after it comes --resume"]),
    ("sweep list pipe.csv", ["pipe.csv cannot be read: it is no ordinary file"]),
    ("sweep list folder.csv", ["folder.csv cannot be read: Is a directory"]),
    ("sweep list semicolons.csv", ["semicolons between: save it with commas"]),
    ("sweep list tabs.csv", ["tabs between: save it with commas"]),
    ("sweep lfs --scheduler pipe", ["'pipe' is no scheduler"]),
    ("info weather --cell=", ["--cell is empty"]),
    ("run phases --file twice.json", ["twice.json cannot be read: 'rate' is given twice"]),
    ("run phases --phases [[[", ["these phases cannot be read", "is not JSON"]),
    ("run phases --file trian.json", ["phase 2: no kind 'trian'", "there are train, bursts"]),
    ("run phases --file train.json --baseline 0", ["baseline is 0", "min"]),
    ("run phases --file train.json --rate 2", ["--rate"]),
    ("run phases --phases [3]", ["phase 1 must be an object"]),
    ("run pairing --clamp amperage", ["clamp is amperage", "voltage or current"]),
    ("run pairing --clamp current --rate 20", ["pairing: pairs 50 ms apart"]),
    ("run pairing --step 50", ["step is 50, and has no effect with clamp voltage"]),
    ("run pairing --clamp current --potential -20", ["potential is -20, and has no effect"]),
    ("run stdp --pre 0 --current 0", ["stdp: without pulses (pre 0) and without current"]),
    ("run paired-pulse-lfs --interval 600 --rate 2", ["paired-pulse-lfs: pairs come every 500 ms"]),
    ("run tbs --burst-rate 50", ["tbs: bursts come every 20 ms"]),
    ("run depotentiation --again maybe", ["maybe"]),
    ("run saturation --repeats 100", ["h, and the longest run is 24 h"]),
    ("run calcium-clamp --level 0", ["level is 0", "uM"]),
    ("run associativity --weak left", ["weak is left", "conditioned or control"]),
    ("sweep phases --file train.json,trian.json", ["no kind 'trian'"]),
    ("run lfs --drug aspirin", ["no drug 'aspirin'", "D-AP5"]),
    ("run lfs --drug D-AP5=-50", ["concentration is -50 uM"]),
    ("run lfs --drug D-AP5@100..200", ["outside the run", "-20 to 75 min"]),
    ("run lfs --rate 1 --rate 5", ["--rate is given twice"]),
    ("run lfs --buffer EGTA=0.2 --buffer BAPTA=1", ["--buffer is given twice"]),
    ("run lfs --cell dhc --cell c5038804", ["--cell is given twice"]),
    ("run lfs --age 1", ["age is 1", "5 to 900 days"]),
    ("run lfs --gaba some", ["gaba is some", "blocked or intact"]),
    ("run lfs --holding abc", ["holding is abc", "from -120 to 0 mV, or none"]),
    ("run lfs --buffer FOO=1", ["no buffer 'FOO': there are BAPTA, EGTA, OGB-1"]),
    ("run lfs --buffer EGTA", ["'EGTA' is not written NAME=mM"]),
    ("run lfs --buffer ogb1=1 --drug OGB-1", ["OGB-1 is given as a buffer and as a drug"]),
    ("run lfs --genotype CB1-ko", ["no genotype 'CB1-ko'", "wild-type, CaMKII-het"]),
    ("run lfs --genotype I1-ko+I1-het", ["I1-ko and I1-het exclude each other"]),
    ("run lfs --condition mg=0.1", ["'mg=0.1' is not written NAME=VALUE@FROM..TO", "--mg 0.1"]),
    ("run lfs --condition age=60@0..5", ["age cannot change during a run"]),
    ("run lfs --condition mg=99@0..5", ["mg is 99", "0 to 10 mM"]),
    ("run lfs --condition ca=4@90..95", ["ca: the window 90..95 min is outside the run"]),
    ("sweep lfs --condition mg=1,99@0..5", ["mg is 99", "0 to 10 mM"]),
    ("run lfs --cell purkinje", ["no cell 'purkinje'", "dhc"]),
    ("run lfs --slices 0", ["slices is 0"]),
    ("run lfs --slices many", ["slices is 'many', and must be a whole number"]),
    ("run lfs --workers 0", ["workers is 0"]),
    ("run lfs --seed -1", ["seed is -1"]),
    ("run lfs --integrator euler", ["no integrator 'euler'", "efficient"]),
    ("run lfs --set gain", ["'gain' is not written NAME=VALUE"]),
    ("run lfs --set no.such=1", ["no parameter 'no.such'"]),
    ("run lfs --out file/run", ["is a file"]),
    ("run lfs --out other", ["holds files that are no run"]),
    ("run lfs extra", ["extra"]),
    ("sweep ltp", ["no protocol 'ltp'", "lfs"]),
    ("sweep lfs --rate 1,-1", ["rate is -1", "0.01 to 1000 Hz"]),
    ("sweep lfs --rate 1:2", ["'1:2' is not written FROM:TO:N"]),
    ("sweep lfs --rate 1,", ["'1,' has an empty value"]),
    ("sweep lfs --pulses 1:4:3", ["pulses is 2.5", "whole number"]),
    ("sweep lfs --pairs 3", ["--pairs"]),
    ("sweep lfs --drug none --drug aspirin", ["no drug 'aspirin'", "D-AP5"]),
    ("sweep lfs --drug D-AP5=5,-50", ["concentration is -50 uM"]),
    ("sweep lfs --drug D-AP5@100..200", ["outside the run", "-20 to 75 min"]),
    ("sweep lfs --ca 2.5,50", ["ca is 50", "0.1 to 20 mM"]),
    ("sweep lfs --cell dhc,purkinje", ["no cell 'purkinje'", "dhc"]),
    ("sweep lfs --slices 1,0", ["slices is 0"]),
    ("sweep lfs --seed many", ["seed is 'many'", "whole number"]),
    ("sweep lfs --integrator efficient,euler", ["no integrator 'euler'", "efficient"]),
    ("sweep lfs --set gain", ["'gain' is not written NAME=VALUE"]),
    ("sweep lfs --set no.such=1", ["no parameter 'no.such'"]),
    ("sweep lfs --workers 0", ["workers is 0"]),
    ("sweep lfs --workers 2 --scheduler tcp://a:1", ["either workers or a scheduler"]),
    ("sweep lfs --scheduler there", ["'there' is no scheduler", "tcp://"]),
    ("sweep lfs --seed 1:1e5:100000 --rate 1,2", ["200000 runs"]),
    ("sweep lfs --out file/sweep", ["is a file"]),
    ("sweep lfs --out other", ["holds files that are no sweep"]),
    ("sweep lfs --workers 1 --workers 2", ["--workers is given twice"]),
    ("sweep list", ["'file'"]),
    ("sweep list nowhere.csv", ["nowhere.csv", "No such file"]),
    ("sweep list broken.swc", ["broken.swc", "*.csv"]),
    ("sweep list rows.csv", ["rows.csv, row 2: lfs: rate is fast"]),
    ("sweep list twice.csv", ["twice.csv cannot be read: 'rate' is given twice"]),
    ("sweep list rows.csv --drug aspirin", ["no drug 'aspirin'"]),
    ("sweep table nowhere", ["nowhere holds no sweep"]),
    ("experiment run", ["ID"]),
    ("experiment run DB99", ["no experiment 'DB99'", "experiment list"]),
    ("experiment run NC15_S1", ["NC15_S1 is out of scope", "a living animal"]),
    ("experiment run DB92_1Hz --slices 0", ["slices is 0"]),
    ("experiment run DB92_1Hz --workers 0", ["workers is 0"]),
    ("experiment run DB92_1Hz --cell purkinje", ["no cell 'purkinje'", "dhc"]),
    ("experiment run DB92_1Hz --set no.such=1", ["no parameter 'no.such'"]),
    ("experiment run DB92_1Hz --out file/runs", ["is a file"]),
    ("experiment run DB92_1Hz --seed 1 --seed 2", ["--seed is given twice"]),
    ("experiment score", ["runs/experiments holds no finished run", "run all"]),
    ("experiment score --set gain", ["'gain' is not written NAME=VALUE"]),
    ("experiment score --out file/runs", ["is a file"]),
    ("experiment forget", ["forget"]),
    ("figure late-ltp", ["no figure 'late-ltp'", "ltd"]),
    ("figure ltd --from nowhere", ["nowhere holds no run"]),
    ("figure all --from nowhere", ["nowhere holds no run"]),
    ("figure ltd --slices 0", ["slices is 0"]),
    ("figure ltd --slices 1.5", ["slices is '1.5', and must be a whole number"]),
    ("figure ltd --workers 0", ["workers is 0"]),
    ("figure ltd --out file/figures", ["is a file"]),
    ("figure ltd --slices 1 --slices 2", ["--slices is given twice"]),
    ("cell show --cell purkinje", ["no cell 'purkinje'"]),
    ("cell show --swc nowhere.swc", ["nowhere.swc"]),
    ("cell show --swc broken.swc", ["broken.swc"]),
    ("cell show --cell dhc --swc broken.swc", ["--cell", "--swc"]),
    ("export sbml --out file/cascade.xml", ["is a file"]),
    ("export sbml --out other", ["other is a folder"]),
    ("export sbml --set ca1cam.kon_can", ["'ca1cam.kon_can' is not written NAME=VALUE"]),
    ("export sbml --set no.such=1", ["no parameter 'no.such'"]),
    ("export sbml --set soma.nat=x2", ["'soma.nat' is not of the cascade", "ca1cam"]),
    ("run lfs --set axon.length=0", ["axon.length", "between 1 and 2000"]),
    ("run lfs --set ca1nat.gbar=0.1", ["differs from place to place", "soma.nat, axon.nat"]),
    ("export sbml --set ca1cam.kon_can=-1", ["ca1cam.kon_can", "between 0 and 500"]),
    ("export sbml --set ca1nmda.g_max=1e-4", ["'ca1nmda.g_max' is not of the cascade", "ca1cam"]),
    ("export nwb", ["nwb"]),
    ("info weather", ["no topic 'weather'", "drugs"]),
    ("simulate", ["simulate"]),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a file, another's folder and a broken reconstruction, as current folder."""
    (tmp_path / "file").write_text("")
    (tmp_path / "train.json").write_text('[{"kind": "train"}]')
    (tmp_path / "trian.json").write_text('[{"kind": "train"}, {"kind": "trian"}]')
    (tmp_path / "rows.csv").write_text("protocol,rate\nlfs,1\nlfs,fast\n")
    (tmp_path / "twice.json").write_text('{"name": "lfs", "rate": -3, "rate": 5}')
    (tmp_path / "twice.csv").write_text("protocol,rate,rate\nlfs,1,5\n")
    (tmp_path / "semicolons.csv").write_text("protocol;rate\nlfs;0,5\n")
    (tmp_path / "tabs.csv").write_text("protocol\trate\nlfs\t1\n")
    (tmp_path / "latin.json").write_bytes('{"name": "lfs\xe9"}'.encode("latin-1"))
    (tmp_path / "nameless.json").write_text('{"phases": [{"kind": "train"}]}')
    (tmp_path / "both.json").write_text('{"name": "lfs", "follow-up": 1, "follow_up": 2}')
    (tmp_path / "ansi.json").write_text('{"name": "\\u001b[31mlfs\\u0007"}')
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("precious")
    (tmp_path / "broken.swc").write_text("1 1 0 0 0 8 -1\n2 4 0 50 0 1 7\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("command", "words"), BAD, ids=[command[:60] for command, _ in BAD])
def test_bad_input_is_refused_in_one_sentence(command, words, folder, monkeypatch, capsys):
    monkeypatch.setattr(build, "build", lambda: pytest.fail("compiled before refusing"))
    before = sorted(folder.rglob("*"))
    status = main(command.split())
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert said.err.startswith("ca1ltd: ")
    assert said.err.count("\n") == 1
    for word in words:
        assert word in said.err
    assert sorted(folder.rglob("*")) == before


def test_without_a_compiler_the_sentence_names_it_and_nothing_is_written(
    folder, monkeypatch, capsys
):
    empty = folder / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    monkeypatch.setenv(build.CACHE_VARIABLE, str(folder / "cache"))
    before = sorted(folder.rglob("*"))
    for command in ("build", "run lfs --slices 1"):
        assert main(command.split()) == 2
        said = capsys.readouterr()
        assert "g++ was not found" in said.err
        assert said.err.count("\n") == 1
        assert sorted(folder.rglob("*")) == before
    assert main(["info"]) == 0
    assert "not found" in capsys.readouterr().out


def test_a_cache_that_cannot_be_written_is_said_in_one_sentence(folder, monkeypatch, capsys):
    monkeypatch.setenv(build.CACHE_VARIABLE, str(folder / "file" / "cache"))
    assert shutil.which("g++")
    assert main(["build"]) == 2
    said = capsys.readouterr().err
    assert build.CACHE_VARIABLE in said
    assert said.count("\n") == 1


def test_the_folder_of_a_sweep_is_refused_before_its_runs_are_described(
    folder, monkeypatch, capsys
):
    monkeypatch.setattr(
        ca1ltd.cli.sweep, "experiments", lambda *_, **__: pytest.fail("described before refusing")
    )
    for out, words in (("file/sweep", "is a file"), ("other", "holds files that are no sweep")):
        assert main(["sweep", "lfs", "--rate", "0.1:10:99999", "--out", out]) == 2
        assert words in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(folder, monkeypatch, capsys):
    folder.chmod(0o500)
    assert main(["run", "lfs", "--out", "run"]) == 2
    assert "permission denied" in capsys.readouterr().err
