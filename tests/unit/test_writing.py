"""Whatever is written is whole or not there: a full disk takes no file that was good."""

import resource
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.figures import cell as cell_figure
from ca1ltd.figures import registry
from ca1ltd.figures.entry import FigureEntry
from ca1ltd.figures.parts import style
from ca1ltd.writing import write_bytes, write_text

LONG = "of many words " * 20_000


@contextmanager
def full_disk(size):
    """Let no file grow beyond so many bytes while the block runs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def picture(*_):
    figure = Figure(figsize=(1, 1))
    figure.text(0.1, 0.5, "EPSP")
    return figure


def test_bytes_replace_a_file_whole_or_not_at_all(tmp_path):
    file = tmp_path / "file"
    write_bytes(b"good", file)
    with full_disk(100), pytest.raises(OSError, match="File too large"):
        write_bytes(b"half" * 100, file)
    assert contents(tmp_path) == {"file": b"good"}
    write_text("µM", file)
    assert contents(tmp_path) == {"file": "µM".encode()}


def test_a_link_stays_a_link_and_what_is_no_file_stays_what_it_is(tmp_path):
    write_bytes(b"old", tmp_path / "file")
    (tmp_path / "link").symlink_to("file")
    write_bytes(b"new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"
    (tmp_path / "null").symlink_to("/dev/null")
    write_bytes(b"new", tmp_path / "null")
    assert (tmp_path / "null").is_char_device()
    with pytest.raises(IsADirectoryError):
        write_bytes(b"new", tmp_path)


@pytest.mark.parametrize(("size", "kept"), [(100, "png"), (5_000, "pdf")])
def test_pictures_are_whole_or_as_they_were(tmp_path, size, kept):
    for end in ("png", "svg", "pdf"):
        (tmp_path / f"ltd.{end}").write_bytes(b"good")
    with full_disk(size), pytest.raises(OSError, match="File too large"):
        style.write(picture(), tmp_path, "ltd")
    found = contents(tmp_path)
    assert set(found) == {"ltd.png", "ltd.svg", "ltd.pdf"}
    assert found[f"ltd.{kept}"] == b"good"
    for content in found.values():
        assert content == b"good" or len(content) > 500
    files = style.write(picture(), tmp_path, "ltd")
    assert [file.name for file in files] == ["ltd.png", "ltd.svg", "ltd.pdf"]
    once = contents(tmp_path)
    assert [once[file.name][:4] for file in files] == [b"\x89PNG", b"<?xm", b"%PDF"]
    style.write(picture(), tmp_path, "ltd")
    assert contents(tmp_path) == once


def test_the_numbers_and_the_caption_of_a_figure_are_whole_or_as_they_were(tmp_path, monkeypatch):
    entry = FigureEntry(
        name="words",
        runs={},
        draw=picture,
        words=lambda runs: LONG,
        numbers=lambda runs: {},
    )
    monkeypatch.setattr(registry, "FIGURES", {"words": entry})
    for end in ("json", "txt"):
        (tmp_path / f"words.{end}").write_bytes(b"good")
    with full_disk(100_000), pytest.raises(BadInput, match="cannot be written: File too large"):
        registry.save_figure("words", {}, tmp_path)
    found = contents(tmp_path)
    assert found["words.json"] == found["words.txt"] == b"good"
    monkeypatch.setattr(registry.json, "dumps", lambda *_, **__: "{}")
    with full_disk(100_000), pytest.raises(BadInput, match="cannot be written: File too large"):
        registry.save_figure("words", {}, tmp_path)
    found = contents(tmp_path)
    assert (found["words.json"], found["words.txt"]) == (b"{}\n", b"good")
    assert not [name for name in found if name.startswith(".")]


def test_the_measures_of_a_cell_are_whole_or_as_they_were(tmp_path, monkeypatch):
    monkeypatch.setattr(cell_figure, "cell", picture)
    report = SimpleNamespace(cell="dhc", as_dict=lambda: {"words": LONG})
    (tmp_path / "cell-dhc.json").write_bytes(b"good")
    with full_disk(100_000), pytest.raises(OSError, match="File too large"):
        cell_figure.save_cell(report, tmp_path)
    assert contents(tmp_path)["cell-dhc.json"] == b"good"


def test_a_protocol_is_whole_or_as_it_was(tmp_path):
    file = tmp_path / "p.json"
    protocols.save(protocols.lfs(rate=5), file)
    with full_disk(100), pytest.raises(BadInput, match="cannot write the protocol"):
        protocols.save(protocols.lfs(rate=7), file)
    assert protocols.load(file) == protocols.lfs(rate=5)
    assert [each.name for each in tmp_path.iterdir()] == ["p.json"]


def test_sbml_is_whole_or_as_it_was(tmp_path, monkeypatch):
    sbml = pytest.importorskip("ca1ltd.export.sbml")
    monkeypatch.setattr(sbml, "resting", lambda network: {})
    monkeypatch.setattr(sbml, "sbml_text", lambda network, start: LONG)
    (tmp_path / "cascade.xml").write_bytes(b"good")
    with full_disk(100), pytest.raises(BadInput, match="cannot be written: File too large"):
        sbml.save_sbml(None, tmp_path / "cascade.xml")
    assert contents(tmp_path) == {"cascade.xml": b"good"}
