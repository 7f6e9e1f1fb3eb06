"""Claims and errata in LaTeX and in a notebook: the whole page, which a TeX engine accepts."""

import re
import shutil
import subprocess

import pytest

import theory
from tests.theory.typeset.corpus import complaint
from theory import document
from theory.errata import errata
from theory.page import page
from theory.sentences import markdown, tex

CLAIMS = theory.claims()
#: A claim of each chapter, of each relation; bounds, cases, several outputs, limits.
SOME = (
    "quadratic.max_rate",
    "spectra.outlier",
    "kronecker.bias",
    "preconditioning.unit_invariance",
    "normalisation.jacobian",
    "smoothness.hessian",
    "invariance.equilibrium_angle",
    "propagation.same_class",
    "stability.edge_of_stability",
)


def test_a_tex_engine_accepts_a_claim_of_each_chapter_and_all_errata(tmp_path):
    engine = shutil.which("pdflatex")
    if engine is None:
        pytest.skip("no TeX engine is here")
    shown = [document.fragment(CLAIMS[name]) for name in SOME]
    shown += map(document.erratum, errata().values())
    (tmp_path / "all.tex").write_text(document.document(shown), encoding="utf-8")
    words = [engine, "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(words, cwd=tmp_path, text=True, errors="replace", capture_output=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Undefined" not in done.stdout
    assert not re.search(r"Overfull .hbox \(\d{3,}", done.stdout), "a line runs out of the page"


@pytest.mark.parametrize("name", SOME)
def test_a_page_has_everything_in_each_form(name):
    claim = CLAIMS[name]
    sections = {section.title.partition(" (")[0]: section.items for section in page(claim)}
    assert {"parameters", "definition", "closed form", "steps", "twins", "references"} <= set(
        sections
    )
    assert [item.formula for item in sections["steps"]] == [step.shown for step in claim.steps]
    assert {item.label.partition(" (")[0] for item in sections["twins"]} == {
        twin.partition(" (")[0] for twin in claim.twins
    }
    in_tex, in_notebook = document.fragment(claim), claim._repr_markdown_()
    assert tex(claim.statement, claim.domain) in in_tex
    assert markdown(claim.statement, claim.domain) in in_notebook
    steps = sum(step.shown is not None for step in claim.steps)
    for text in (in_tex, in_notebook):
        for number in range(1, len(claim.steps) + 1):
            assert re.search(rf"(\[|^){number}\.", text, re.MULTILINE)
    assert in_notebook.count("$$") // 2 > steps
    assert in_tex.count(r"\begin{itemize}") == in_tex.count(r"\end{itemize}")
    aligned = re.findall(r"\\begin{aligned}\n(.*?)\n\\end{aligned}", in_notebook, re.DOTALL)
    rows = [row.replace("&", "") for each in aligned for row in each.split(" \\\\\n")]
    assert [complaint(row) for row in rows if complaint(row)] == []
