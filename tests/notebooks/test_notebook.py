"""The notebook of docs/, run from top to bottom in a kernel."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import ca1ltd as ltd

NOTEBOOK = Path(__file__).parents[2] / "docs" / "first_slice.ipynb"


def run(monkeypatch, folder, **parameters):
    """Run the notebook with some of its parameters changed; return its cells of code."""
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(folder / name))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (given,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    given.source += "".join(f"\n{name} = {value}" for name, value in parameters.items())
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=place).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def found(cells, kind):
    """Return what cells left of a kind of output."""
    return [
        output.data[kind]
        for cell in cells
        for output in cell.outputs
        if kind in output.get("data", {})
    ]


@pytest.fixture
def cells(monkeypatch, tmp_path):
    return run(monkeypatch, tmp_path, pulses=5, synapses=5)


def test_the_notebook_runs_from_top_to_bottom(cells):
    errors = [
        output.evalue for cell in cells for output in cell.outputs if output.output_type == "error"
    ]
    assert errors == [
        "the cell has no section apic[999]: `sections` lists them",
        "",  # KeyboardInterrupt
    ]
    assert all(cell.outputs for cell in cells[2:5])  # sections, axons, variables
    assert "(True, 6.3, 1)" in found(cells, "text/plain")
    # the figure of the textbook, and the traces
    pictures = found(cells, "image/png")
    assert len(pictures) == 2
    # a bar, the outcome with a small picture
    pages = found(cells, "text/html")
    assert any('<progress max="1" value="1.000">' in page for page in pages)
    assert any("conditioned" in page and "data:image/png;base64" in page for page in pages)
    printed = [output.text for cell in cells for output in cell.outputs if "text" in output]
    assert printed == []


@pytest.mark.slow
def test_the_notebook_as_it_is_shows_depression(monkeypatch, tmp_path):
    cells = run(monkeypatch, tmp_path)
    (outcome,) = [text for text in found(cells, "text/plain") if "percent_of_baseline" in text]
    assert "'percent_expected': 6" in outcome or "'percent_expected': 7" in outcome


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "section"), [("README.md", "## In Python"), ("docs/electrodes.md", "## Records")]
)
def test_an_example_runs(monkeypatch, tmp_path, page, section):
    text = NOTEBOOK.parents[1].joinpath(page).read_text(encoding="utf-8")
    example = text.split(section)[1].split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    exec(compile(example, page, "exec"), {"ltd": ltd})
