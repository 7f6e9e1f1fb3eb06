"""Find the figures and draw them into files.

A figure is a module of a chapter's folder. Its docstring is its caption. It has ``SOURCE`` (the
citation), ``SHOWS`` (the claims), ``data(scale)`` and ``draw(fig, data)``. A figure of the reader's
images has ``data(scale, images)`` instead. A figure of a result that the reader computed has
``RESULT`` (the words of the command) and ``data(scale, result)``, where ``result`` is what the
command printed, or None for an example. A figure of an experiment has ``EXPERIMENT`` (the
experiment's name) and ``data(results)``, where ``results`` has one result per seed. It draws the
first result. The others say how much the first one varies. The results are the reader's own where
they are stored, else those on record.
"""

import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.figure import Figure

import theory
from companion import __version__
from companion.files import atomic
from companion.references import Citation
from companion.scale import Scale
from figures.own_result import read_result
from theory.claim import Claim

if TYPE_CHECKING:
    from deepnet.experiments.runner import Job, Result

STYLE = Path(__file__).with_name("companion.mplstyle")
#: The folders of figures: one per chapter, then one per source for its experiments on networks,
#: and the figures of the reader's own results.
SOURCES = ("page2019", "santurkar2018", "oxford2021", "ghorbani2019", "grosse2021")
FOLDERS = (*theory.CHAPTERS, *SOURCES, "own")
RESULTS = Path("results")


@dataclass(frozen=True)
class Plate:
    """A figure: its name, its caption, its source, the claims that it shows, and its module."""

    name: str
    module: ModuleType

    @property
    def caption(self) -> str:
        """The module's docstring on one line."""
        return " ".join((self.module.__doc__ or "").split())

    @property
    def source(self) -> Citation:
        """The source's figure or passage that this one redraws or adds to."""
        return self.module.SOURCE

    @property
    def shows(self) -> tuple[Claim, ...]:
        """The claims that the figure shows."""
        return self.module.SHOWS

    @property
    def takes_images(self) -> bool:
        """Whether the figure is of the reader's images (--data)."""
        return "images" in inspect.signature(self.module.data).parameters

    @property
    def takes_data(self) -> bool:
        """Whether --data says what the figure draws."""
        return self.takes_images or bool(self.result or self.experiment)

    @property
    def result(self) -> str | None:
        """The command whose result the figure draws (--data), if it draws one."""
        return getattr(self.module, "RESULT", None)

    @property
    def experiment(self) -> str | None:
        """The experiment whose result the figure draws, if it draws one."""
        return getattr(self.module, "EXPERIMENT", None)


@cache
def plates() -> dict[str, Plate]:
    """All figures by name, in the order of the chapters."""
    by_name = {}
    for chapter in FOLDERS:
        package = import_module(f"figures.{chapter}")
        for entry in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
            name = f"{chapter}.{entry.name}"
            module = import_module(f"figures.{name}")
            if hasattr(module, "draw"):  # a module without draw is shared by figures
                by_name[name] = Plate(name, module)
    return by_name


@dataclass(frozen=True)
class Choice:
    """What the reader chose.

    ``source`` names the reader's images or result, or the data set of an experiment (textures by
    default).
    ``results`` is the folder of results. Results that are computed are stored there.
    ``seed`` is the first seed and ``seeds`` the number of seeds.
    ``changes`` are the texts of --set.
    """

    scale: Scale
    source: str | None = None
    results: Path = RESULTS
    changes: tuple[str, ...] = ()
    seed: int = 0
    seeds: int = 1

    @property
    def is_usual(self) -> bool:
        """Whether the reader chose nothing of the runs, so that those on record serve."""
        return self == Choice(Scale.QUICK, results=self.results)


def has_result(plate: Plate, choice: Choice) -> bool:
    """Whether the results that ``plate`` draws are stored or on record.

    It is true for a figure of no experiment.
    """
    if plate.experiment is None:
        return True
    return bool(_found(plate.experiment, choice))


def _found(experiment: str, choice: Choice) -> "list[Result]":
    """The reader's own results, else those on record, or none."""
    return _stored(experiment, choice) or _on_record(experiment, choice)


def _stored(experiment: str, choice: Choice) -> "list[Result]":
    """The reader's own results, or none where one is missing."""
    if not (choice.results / experiment).is_dir():  # no need to make the data set
        return []
    found = [job.stored() for job in _jobs(experiment, choice)]
    return [each for each in found if each is not None] if all(found) else []


def _on_record(experiment: str, choice: Choice) -> "list[Result]":
    from deepnet.experiments.record import recorded_results

    return recorded_results(experiment) if choice.is_usual else []


def compute(experiment: str, choice: Choice, seed: int) -> None:
    """Compute the result of one seed of an experiment and store it, unless it is stored."""
    next(_jobs(experiment, replace(choice, seed=seed, seeds=1))).result()


def draw(plate: Plate, choice: Choice, out: Path, formats: Iterable[str] = ("png",)) -> list[Path]:
    """Compute ``plate``'s data, draw the figure and write one file per format.

    Returns the files' paths.
    """
    with drawn(plate, choice) as fig:
        return [_save(fig, plate, out, suffix) for suffix in formats]


@contextmanager
def drawn(plate: Plate, choice: Choice) -> Iterator[Figure]:
    """Compute ``plate``'s data and yield its figure in the house style.

    The figure is closed after.
    """
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    from figures.marks import small_print

    data, scale = _data(plate, choice)
    with plt.style.context(STYLE):
        fig = plt.figure()
        try:
            plate.module.draw(fig, data)
            note = data.get("note", "")
            parts = (note, scale, *_of_experiment(plate), f"companion {__version__}")
            small_print(fig, " · ".join(filter(None, parts)))
            yield fig
        finally:
            plt.close(fig)


def _data(plate: Plate, choice: Choice) -> tuple[dict[str, Any], str]:
    """The data that ``plate`` draws, and the words for its scale."""
    scale, module = choice.scale, plate.module
    if plate.experiment is not None:
        results = _found(plate.experiment, choice)
        if not results:
            results = [job.result() for job in _jobs(plate.experiment, choice)]
        of_record = " · on record" * results[0].is_recorded
        return module.data(results), f"{results[0].facts['scale']}{of_record}"
    if plate.result is not None:
        if choice.source is None:
            return module.data(scale, None), str(scale)
        return module.data(scale, read_result(choice.source, plate.result)), ""
    if plate.takes_images:
        return module.data(scale, choice.source), str(scale)
    return module.data(scale), str(scale)


def _of_experiment(plate: Plate) -> list[str]:
    """What is said of the experiment of a figure: how a person judged its passages, how many checks
    agree on record, and how many statements were made or changed after the data."""
    from deepnet.experiments.experiment import experiments
    from deepnet.experiments.record import agreement, recorded

    if plate.experiment is None:
        return []
    said, verdicts = [], [judged.verdict for judged in plate.source.judgements.values()]
    if verdicts:
        said.append(f"the passage{'s' * (len(verdicts) > 1)}: {', '.join(verdicts)}")
    found = recorded().get(plate.experiment)
    agree, of = agreement([found] if found else [])
    if of:
        said.append(f"checks on record: {agree} of {of} agree")
    if many := experiments()[plate.experiment].restated:
        said.append(f"{many} statement{'s' * (many > 1)} restated after data")
    return said


def _jobs(name: str, choice: Choice) -> Iterator["Job"]:
    """The runs of the experiment ``name``, one per seed."""
    from deepnet.data.paths import usual
    from deepnet.experiments.changes import read_changes
    from deepnet.experiments.experiment import experiments
    from deepnet.experiments.runner import Job

    experiment, source = experiments()[name], choice.source or usual(choice.scale)
    changes = read_changes(choice.changes, list(experiments().values()), choice.scale)[name]
    for seed in range(choice.seed, choice.seed + choice.seeds):
        yield Job(experiment, choice.scale, source, seed, choice.results, changes)


def _save(fig: Figure, plate: Plate, out: Path, suffix: str) -> Path:
    path = out / f"{plate.name}.{suffix}"
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with atomic(path) as temporary:
        fig.savefig(temporary, format=suffix, metadata=metadata[suffix])
    return path
