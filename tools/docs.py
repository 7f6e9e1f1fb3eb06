"""``make docs`` writes every generated block of the pages, and redraws their pictures.

A page is Markdown with blocks of the tool cog. A block has a call of a function of this module in a
comment, the text that the function prints, and an end mark. The tests compare: nobody pastes.
"""

import ast
import io
import json
import re
import runpy
import shlex
import sys
import tomllib
from collections import Counter
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

from cogapp import Cog

import theory
from benchmarks.memory import furthest
from benchmarks.memory import recorded as recorded_peaks
from benchmarks.memory import table as table_of_peaks
from companion.command import strict_json
from companion.files import write_text
from companion.options import cores
from companion.references import REFERENCES
from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.record import recorded
from figures import passages
from figures.__main__ import main as draw
from figures.gallery import Choice, has_result, plates
from theory import spectra, status
from theory.contents import contents, escaped, first_sentence, summary
from theory.contents import statuses as statuses_of_chapters
from theory.errata import errata
from theory.proof_in_text import in_full
from theory.prove import proofs
from tools import index

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
VERDICTS = ROOT / "docs" / "verdicts.json"


def pages() -> list[Path]:
    """The pages: README, CONTRIBUTING and all of ``docs/``."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> int:
    """Run changed proofs, write index, blocks and pictures, and return the exit code."""
    write_text(VERDICTS, verdicts())
    return prove() or index.main() or cog(["-r", "--verbosity=1"], pages()) or redraw()


def verdicts() -> str:
    """The findings on record of all experiments as one JSON text, without their runs."""
    told = {name: asdict(found) for name, found in recorded().items()}
    for each in told.values():
        del each["runs"]
    return strict_json(told, indent=1) + "\n"


def prove() -> int:
    """Run proofs with changed sources and record them.

    If one fails: nothing recorded, exit code 1.
    """
    waiting = [name for name in theory.claims() if not status.is_current(name)]
    done = list(proofs(waiting, cores()))
    for proof in done:
        if not proof.holds:
            print(in_full(proof, theory.claims()[proof.claim]))
    if not all(proof.holds for proof in done):
        return 1
    status.write({proof.claim: proof.verdict for proof in done})
    return 0


def differences(page: Path) -> str:
    """The differences between ``page`` and what ``make docs`` would write, or an empty text."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = cog(["--check", "--diff", "--verbosity=0"], [page])
    return said.getvalue() if code else ""


def cog(options: list[str], some: list[Path]) -> int:
    """Run cog on ``some`` pages. The text that a block prints becomes its text (``-P``)."""
    common = ["-U", "-P", "-n", "utf-8", "-p", "from tools import api, docs"]
    return Cog().main(["cog", *options, *common, *map(str, some)])


def redraw() -> int:
    """Draw the pictures that pages show.

    The picture of an experiment stays where the experiment has no stored result, which would take
    minutes to compute.
    """
    known, choice = plates(), Choice(Scale.QUICK, results=ROOT / "results")
    names = []
    for name in shown():
        if has_result(known[name], choice) or not (PICTURES / f"{name}.png").exists():
            names.append(name)
        else:
            print(f"{name} stays: python -m deepnet {known[name].experiment} has not been run")
    return draw([*names, "--out", str(PICTURES), "--results", str(choice.results)])


def shown() -> list[str]:
    """The figures whose pictures the pages show."""
    texts = [page.read_text(encoding="utf-8") for page in pages()]
    return sorted({name for text in texts for name in re.findall(r"pictures/([\w.]+)\.png", text)})


# --- the functions that blocks call ----------------------------------------------------------


def address() -> str:
    """The address of the repository. Its one place is pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["urls"]["Repository"])


def get() -> None:
    """Print how to get the project, and what to type first."""
    folder = address().rpartition("/")[2]
    print(f"""\
```
git clone {address()} && cd {folder}
make            # make the environment, check every claim, draw the figures, train one small net
make pages      # write the book into build/book (make book computes what it lacks)
make test-near  # run the tests near a change
make test       # run lint, types and the whole test suite
```
The package alone: `pip install git+{address()}`""")


def run(*commands: str, lines: int | None = None) -> None:
    """Print the ``commands`` and their output, at most ``lines`` lines of each."""
    print("```console")
    with TemporaryDirectory() as folder, chdir(folder):
        for command in commands:
            printed = output(command).splitlines()
            left = [] if lines is None or len(printed) <= lines else ["..."]
            print("\n".join([f"$ {command}", *printed[:lines], *left]))
    print("```")


def output(command: str) -> str:
    """The output of ``command``: of a room, of a Python file, or of a Python text (``-c``)."""
    python, first, *words = shlex.split(command)
    assert python == "python", command
    printed = io.StringIO()
    with redirect_stdout(printed):
        if first == "-m":
            code = import_module(f"{words[0]}.__main__").main(words[1:])
            assert code == 0, f"{command} ends with code {code}"
        elif first == "-c":
            exec(words[0], {})
        else:
            runpy.run_path(str(ROOT / first))
    return printed.getvalue()


def example(path: str) -> None:
    """Print the Python file at ``path`` without its docstring, and its output as comments."""
    text = (ROOT / path).read_text(encoding="utf-8").partition('"""\n\n')[2]
    printed = "".join(f"# {line}\n" for line in output(f"python {path}").splitlines())
    print(f"```python\n{text}{printed}```")


def notebook(path: str, tag: str) -> None:
    """Print the cells with this ``tag`` of the notebook at ``path``, as at Python's prompt.

    The statements run, and their outputs are printed.
    """
    names: dict[str, object] = {}
    print("```python")
    for cell in json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        for statement in ast.parse(text).body if tag in cell["metadata"].get("tags", []) else ():
            print(f">>> {ast.get_source_segment(text, statement)}")
            exec(compile(ast.Interactive([statement]), path, "single"), names)
    print("```")


def chapters() -> None:
    """Print the chapters of the theory, one line per chapter."""
    print(summary())


def claims() -> None:
    """Print the chapters with their sections, and every claim with its first sentence."""
    print(f"\n{contents()}\n")


def statuses() -> None:
    """Print the number of claims of each status, by chapter."""
    print(f"\n{statuses_of_chapters()}\n")


def came_out() -> None:
    """Print the number of errata, three surprises with numbers, and the table of the sources."""
    kinds = Counter(entry.kind for entry in errata().values())
    inputs = {"N": 320, "m": 0.22, "v": 0.9}
    limit, finite = spectra.population(**inputs)["outlier"], spectra.outlier(alpha=1.25, **inputs)
    bound, square = values("E1")
    on_record = recorded()
    images = sorted({each.source for each in on_record.values()})
    print(
        filled(
            f"The sources have {kinds.total()} errata: {kinds['counterexample']} wrong statements, "
            f"each with a counterexample, {kinds['scope']} statements that hold under a condition, "
            f"{kinds['misprint']} misprints, and {kinds['unverified']} statement without support. "
            "`python -m theory errata` prints them. The column `agree` counts what the experiments "
            f"observed, on {' or '.join(images)}. Three surprises:"
        )
    )
    held = on_record["overlaps"].findings["overlaps.means_hold_nine_frozen"]["measured"]
    assert held > 0.7, "the third surprise is none any more: find another"
    for surprise in (
        "Few examples make the largest eigenvalue larger. For infinitely many examples of 320 "
        f"inputs, `whybatchnorm` has {limit:.3f}. For 400 examples, `spectra.outlier` has "
        f"{finite:.3f} (E11).",
        f"A printed bound on a squared gradient is negative. The bound is {bound:.3f}, and the "
        f"squared gradient is {abs(square):.3f} (E1).",
        f"The post's outliers are seen on a laptop. Of each of nine eigenvectors the output "
        f"means hold {held:.2f} or more on {on_record['overlaps'].source} images, mean over seeds, "
        "and 0.23 to 0.41 on textures (`overlaps`).",
    ):
        print(filled(f"- {surprise}"))
    print(f"\n{passages.summary(on_record)}")


def filled(text: str) -> str:
    """``text`` in lines of at most 120 characters."""
    return fill(text, 120, subsequent_indent="  " if text.startswith("- ") else "")


def values(name: str) -> tuple[float, float]:
    """The values of the printed and of the right statement of an erratum on its counterexample."""
    entry = errata()[name]
    assert entry.printed_value is not None and entry.right_value is not None
    return float(entry.printed_value()), float(entry.right_value())


def memory() -> None:
    """Print the measured peaks of Hessian products beside their estimates."""
    found = recorded_peaks()
    print(*table_of_peaks(found), sep="\n")
    print(f"\nIn MB, measured on {found['processor']}, on {found['date']}.")
    print(f"The estimates are off by at most {furthest(found):.1%}.")


def every_passage() -> None:
    """Print one section per source with all of its passages."""
    print(f"\n{passages.markdown(recorded())}\n")


def every_experiment() -> None:
    """Print one section per source with its command and its experiments."""
    for keys in passages.BOOKS:
        own = [each for each in experiments().values() if each.source.key in keys]
        key = own[0].source.key
        print(
            f"\n### {REFERENCES[key].title} ({key})\n\n```\npython -m deepnet --source {key}\n```\n"
        )
        for each in own:
            print(f"- `{each.name}`: {escaped(first_sentence(each.caption))}")
    print()


if __name__ == "__main__":
    sys.exit(main())
