"""Compiling mechanisms into the cache. The mod files here are tiny: it takes a second each."""

import ctypes
import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from ca1ltd import build, compiler, resources
from ca1ltd.errors import BuildError
from ca1ltd.experiment.workers import local

ROOT = Path(__file__).parents[2]
GOOD = """NEURON {
    SUFFIX ca1test
    RANGE a
}
PARAMETER {
    a = 1 (1)
}
"""
BUILD = """
import sys
from pathlib import Path
from ca1ltd import build
said = []
print(build.build((Path(sys.argv[1]),), cache=Path(sys.argv[2]), on_compile=said.append), len(said))
assert not any(name == "neuron" or name.startswith("neuron.") for name in sys.modules)
"""


@pytest.fixture
def mod_file(tmp_path):
    file = tmp_path / "ca1test.mod"
    file.write_text(GOOD)
    return file


@pytest.fixture(scope="module")
def two_users(tmp_path_factory):
    """A mod file with an INCLUDE, a cache, and what two who build it at once are told."""
    folder = tmp_path_factory.mktemp("two")
    mod_file, cache = folder / "ca1test.mod", folder / "cache"
    mod_file.write_text(GOOD + 'INCLUDE "twice.inc"\n')
    (folder / "twice.inc").write_text("FUNCTION twice(x) {\n    twice = 2*x\n}\n")
    with ThreadPoolExecutor(2) as users:
        return mod_file, cache, list(users.map(lambda _: run(BUILD, mod_file, cache), range(2)))


def test_two_first_users_compile_once_and_both_get_the_library(two_users):
    mod_file, cache, said = two_users
    (first, compiled_first), (second, compiled_second) = map(str.split, said)
    assert first == second
    assert {compiled_first, compiled_second} == {"0", "1"}
    library = build.library_path((mod_file,), cache=cache)
    assert str(library) == first
    assert library.stat().st_size > 10_000
    assert "ca1test" in build.log_of(library)
    left = {path.name for path in cache.iterdir() if path.is_dir()}
    assert left == {library.parent.name}


def test_a_mod_file_that_does_not_compile_is_named_with_its_line(mod_file, tmp_path):
    mod_file.write_text(GOOD.replace("a = 1 (1)\n}", "a = 1 (1)\n"))
    with pytest.raises(BuildError, match=r"do not compile: .*ca1test.mod") as caught:
        build.build((mod_file,), cache=tmp_path / "cache")
    assert "\n" not in str(caught.value)
    library = build.library_path((mod_file,), cache=tmp_path / "cache")
    assert not library.exists()
    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]
    (log,) = (tmp_path / "cache").glob("*.log")
    assert str(caught.value).endswith(f"all that was said is in {log}")
    assert "ca1test.mod" in log.read_text()
    mod_file.write_text(GOOD)


@pytest.mark.parametrize("tool", ["g++", "make"])
def test_a_missing_tool_is_named(tool, mod_file, tmp_path, monkeypatch):
    found = compiler.shutil.which
    monkeypatch.setattr(
        compiler.shutil, "which", lambda name: None if name == tool else found(name) or name
    )
    with pytest.raises(BuildError, match=f"{tool.replace('+', '[+]')} was not found"):
        build.build((mod_file,), cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_named(mod_file, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildError, match=r"cannot be written to .*file"):
        build.build((mod_file,), cache=tmp_path / "file" / "cache")


NAME = "Größe µ, my models (lab), 50 % & $HOME"


def test_a_cache_and_an_environment_of_any_name_are_compiled_in_and_loaded_from(mod_file, tmp_path):
    """make takes paths apart at blanks: NEURON's own, too."""
    environment, cache = tmp_path / "environment" / NAME, tmp_path / NAME
    environment.mkdir(parents=True)
    (environment / "neuron").symlink_to(compiler._neuron())
    code = (
        f"{BUILD}\nfrom unittest.mock import patch\nfrom ca1ltd import compiler\n"
        f"assert {NAME!r} in str(compiler._neuron())\nfrom ca1ltd.engine import session\n"
        "library = build.library_path((Path(sys.argv[1]),), cache=Path(sys.argv[2]))\n"
        "with patch.object(build, 'build', lambda: library):\n"
        "    session._PROBE = 'ca1test'\n    session.load()\n"
    )
    path = os.pathsep.join([str(environment), os.environ.get("PYTHONPATH", "")])
    run(code, mod_file, cache, PYTHONPATH=path)


def run(code, *words, **environment):
    result = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_folder_of_temporary_files_with_a_blank_is_named(mod_file, tmp_path, monkeypatch):
    (tmp_path / "my files").mkdir()
    monkeypatch.setattr(compiler.tempfile, "tempdir", str(tmp_path / "my files"))
    with pytest.raises(BuildError, match=r"make cannot work in .*my files: .* TMPDIR"):
        build.build((mod_file,), cache=tmp_path / "cache")


def test_a_relative_cache_is_of_the_folder_in_which_we_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(build.CACHE_VARIABLE, "cache")
    assert build.cache_dir() == tmp_path / "cache"
    assert local._environment()[build.CACHE_VARIABLE] == str(tmp_path / "cache")


def test_a_compiler_that_is_named_and_absent_is_named(mod_file, tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler -O0")
    with pytest.raises(BuildError, match="CXX names the compiler no-such-compiler, which was not"):
        build.build((mod_file,), cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
    monkeypatch.setenv("CXX", "")
    assert compiler.compiler() == ["g++"]


@pytest.fixture
def library(mod_file, tmp_path):
    """The path of a library that is there, without compiling one."""
    made = build.library_path((mod_file,), cache=tmp_path / "cache")
    made.parent.mkdir(parents=True)
    made.parent.chmod(0o755)
    made.write_bytes(b"compiled")
    made.chmod(0o644)
    return made


@pytest.mark.parametrize("mode", [0o020, 0o002])
@pytest.mark.parametrize("folder", [True, False])
def test_a_library_that_others_can_write_is_not_loaded(mod_file, library, mode, folder):
    assert build.build((mod_file,), cache=library.parents[1]) == library
    place = library.parent if folder else library
    place.chmod(place.stat().st_mode | mode)
    with pytest.raises(BuildError, match=f"{library.parent} belongs to another user or can be"):
        build.build((mod_file,), cache=library.parents[1])


def test_users_of_one_cache_have_a_library_each_or_that_of_root(mod_file, library, monkeypatch):
    cache, me = library.parents[1], os.geteuid()
    monkeypatch.setattr(build.os, "geteuid", lambda: me + 1)
    theirs = build.library_path((mod_file,), cache=cache)
    assert (theirs == library) == (me == 0)
    monkeypatch.setattr(build, "_ROOT", me)
    assert build.library_path((mod_file,), cache=cache) == library


def test_a_cache_of_another_user_that_may_only_be_read_is_left_for_ones_own(
    mod_file, tmp_path, monkeypatch
):
    monkeypatch.setattr(build.os, "access", lambda *_: False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    found = build.library_path((mod_file,), cache=tmp_path)
    assert found.is_relative_to(build._users_cache())


def installed(monkeypatch, **versions):
    """Let NEURON be installed as these distributions."""

    def version(distribution):
        found = versions.get(distribution.replace("-", "_"))
        if found is None:
            raise PackageNotFoundError(distribution)
        return found

    monkeypatch.setattr(build, "version", version)


@pytest.mark.parametrize("series", ["8.2.6", "9.1.0", "9.10.0", "9.1.0.dev28", "10.0.0"])
def test_another_series_of_neuron_is_refused(series, mod_file, tmp_path, monkeypatch):
    installed(monkeypatch, neuron=series)
    with pytest.raises(BuildError, match=rf"needs NEURON 9\.0, .* has NEURON {series}: ") as caught:
        build.build((mod_file,), cache=tmp_path)
    assert str(caught.value).endswith(f"{sys.executable} -m pip install 'neuron>=9.0.2,<9.1'")
    assert "\n" not in str(caught.value)


def test_what_the_messages_install_is_what_the_project_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert build.NEURON_REQUIREMENT in asked
    assert f">={build.NEURON_SERIES}." in build.NEURON_REQUIREMENT


def test_no_neuron_at_all_is_told_with_what_to_do(monkeypatch):
    installed(monkeypatch)
    with pytest.raises(BuildError, match=r"not installed in .*: .* -m pip install 'neuron>="):
        build.neuron_version()


def test_a_nightly_build_is_used_where_it_takes_the_place_of_a_release(mod_file, monkeypatch):
    def key():
        return build.library_path((mod_file,)).parent

    keys = [key()]
    for day in ("9.1.0.dev28", "10.0.0.dev1"):
        installed(monkeypatch, neuron_nightly=day)
        assert build.neuron_version() == day
        keys.append(key())
    assert len(set(keys)) == len(keys)


def test_a_nightly_build_over_a_release_is_refused(monkeypatch):
    installed(monkeypatch, neuron="9.0.2", neuron_nightly="9.1.0.dev28")
    with pytest.raises(BuildError, match="pip uninstall neuron neuron-nightly, then install one"):
        build.neuron_version()


def test_the_key_changes_with_the_mod_files_neuron_and_the_environment(
    mod_file, tmp_path, monkeypatch
):
    def key():
        return build.library_path((mod_file,), cache=tmp_path).parent.name

    keys = [key()]
    assert key() == keys[0]
    mod_file.write_text(GOOD.replace("1 (1)", "2 (1)"))
    keys.append(key())
    mod_file = mod_file.rename(tmp_path / "ca1other.mod")
    keys.append(key())
    installed(monkeypatch, neuron="9.0.9")
    keys.append(key())
    monkeypatch.setattr(build.sys, "prefix", "/elsewhere")
    keys.append(key())
    monkeypatch.setattr(build.platform, "machine", lambda: "abacus")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_what_a_mod_file_includes_is_compiled_and_hashed_with_it(two_users, tmp_path):
    mod_file, cache, _ = two_users
    library = build.library_path((mod_file,), cache=cache)
    assert b"twice_ca1test" in library.read_bytes()
    changed = tmp_path / mod_file.name
    changed.write_text(mod_file.read_text())
    (tmp_path / "twice.inc").write_text("FUNCTION twice(x) {\n    twice = x + x\n}\n")
    assert build.library_path((changed,), cache=cache) != library
    (tmp_path / "twice.inc").write_text((mod_file.parent / "twice.inc").read_text())
    assert build.library_path((changed,), cache=cache) == library


def test_source_is_compiled_once_and_what_is_wrong_with_it_is_told(tmp_path):
    source = 'extern "C" int answer() { return 42; }'
    library = build.build_source(source, name="toy", cache=tmp_path)
    assert ctypes.CDLL(str(library)).answer() == 42
    before = library.stat().st_mtime_ns
    assert build.build_source(source, name="toy", cache=tmp_path) == library
    assert library.stat().st_mtime_ns == before
    assert build.build_source(source + "//", name="toy", cache=tmp_path) != library
    with pytest.raises(BuildError, match=r"toy does not compile: .*error.*nothing"):
        build.build_source("int answer() { return nothing; }", name="toy", cache=tmp_path)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2


def test_what_is_generated_and_compiled_needs_neither_again(monkeypatch, tmp_path):
    made = []

    def generate():
        made.append(1)
        return 'extern "C" int answer() { return 42; }'

    def ask(*made_of):
        return build.build_generated(generate, name="toy", made_of=made_of, cache=tmp_path)

    library = ask("one", "two")
    assert ctypes.CDLL(str(library)).answer() == 42
    assert ask("one", "three") != library
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask("one", "two") == library
    assert len(made) == 2
    with pytest.raises(BuildError, match="not found"):
        ask("another")


def test_the_cache_is_the_users_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv(build.CACHE_VARIABLE, raising=False)
    assert "ca1ltd" in str(build.cache_dir())
    monkeypatch.setenv(build.CACHE_VARIABLE, str(tmp_path))
    assert build.cache_dir() == tmp_path


def test_nrnivmodl_has_nothing_to_remark_on_our_mechanisms():
    log = build.log_of(build.build())
    for file in resources.mod_files():
        assert file.name in log
    assert "Notice" not in log
    assert "Warning" not in log
