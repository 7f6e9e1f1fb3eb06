"""Find the figures and draw them into files.

A figure is a module of a chapter's folder with ``SOURCE`` (citation), ``SHOWS`` (claims),
``data(scale)`` and ``draw(fig, data)``; its docstring is its caption. A figure of the reader's
images has ``data(scale, images)`` instead, one of an experiment ``EXPERIMENT`` (its name) and
``data(scale, result)``.
"""

import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
from matplotlib.figure import Figure

import theory
from companion import __version__
from companion.files import atomic
from companion.references import Citation
from companion.scale import Scale
from theory.claim import Claim

STYLE = Path(__file__).with_name("companion.mplstyle")
FORMATS = ("png", "svg", "pdf")
#: Where figures lie: a folder a chapter, and one for the experiments on networks.
FOLDERS = (*theory.CHAPTERS, "networks")
RESULTS = Path("results")
#: The seed of the experiment's run that is drawn.
SEED = 0


@dataclass(frozen=True)
class Plate:
    """A figure: its name, caption, source, the claims it shows, and its module."""

    name: str
    module: ModuleType

    @property
    def caption(self) -> str:
        """The module's docstring on one line."""
        return " ".join((self.module.__doc__ or "").split())

    @property
    def source(self) -> Citation:
        """The source's figure or passage that this one redraws or adds to."""
        found: Citation = self.module.SOURCE
        return found

    @property
    def shows(self) -> tuple[Claim, ...]:
        """The claims that the figure shows."""
        found: tuple[Claim, ...] = self.module.SHOWS
        return found

    @property
    def takes_images(self) -> bool:
        """Whether the figure is of the reader's images (--data)."""
        return "images" in inspect.signature(self.module.data).parameters

    @property
    def experiment(self) -> str | None:
        """The experiment whose result the figure draws, if it draws one."""
        found: str | None = getattr(self.module, "EXPERIMENT", None)
        return found


@cache
def plates() -> dict[str, Plate]:
    """All figures by name, in the order of the chapters."""
    found = {}
    for chapter in FOLDERS:
        package = import_module(f"figures.{chapter}")
        for entry in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
            name = f"{chapter}.{entry.name}"
            found[name] = Plate(name, import_module(f"figures.{name}"))
    return found


def has_result(plate: Plate, scale: Scale, data: str | None, results: Path) -> bool:
    """Whether ``results`` holds what ``plate`` draws; true for figures of no experiment."""
    if plate.experiment is None:
        return True
    if not (results / plate.experiment).is_dir():  # the data set need not be made to know
        return False
    from deepnet.experiments.experiment import experiments
    from deepnet.experiments.runner import plan

    job = plan(experiments()[plate.experiment], scale, data or "textures", SEED, results)
    return job.stored() is not None


def draw(
    plate: Plate,
    scale: Scale,
    out: Path,
    formats: Iterable[str] = ("png",),
    data: str | None = None,
    results: Path = RESULTS,
) -> list[Path]:
    """Compute ``plate``'s data, draw it and write one file a format; returns their paths.

    ``data`` is the reader's: images, or the data set of an experiment (textures by default), whose
    result is taken from ``results`` or computed into it.
    """
    with drawn(plate, scale, data, results) as fig:
        return [_save(fig, plate, out, suffix) for suffix in formats]


@contextmanager
def drawn(
    plate: Plate, scale: Scale, data: str | None = None, results: Path = RESULTS
) -> Iterator[Figure]:
    """Compute ``plate``'s data and yield its figure, in the house style; it is closed after."""
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    from figures.marks import small_print

    found = _data(plate, scale, data, results)
    with plt.style.context(STYLE):
        fig = plt.figure()
        try:
            plate.module.draw(fig, found)
            note = found.get("note", "")
            small_print(fig, " · ".join(filter(None, (note, scale, f"companion {__version__}"))))
            yield fig
        finally:
            plt.close(fig)


def _data(plate: Plate, scale: Scale, data: str | None, results: Path) -> dict[str, Any]:
    found: dict[str, Any]
    if plate.experiment is not None:
        from deepnet.experiments.experiment import experiments
        from deepnet.experiments.runner import run

        result = run(experiments()[plate.experiment], scale, data or "textures", SEED, results)
        found = plate.module.data(scale, result)
    elif plate.takes_images:
        found = plate.module.data(scale, data)
    else:
        found = plate.module.data(scale)
    return found


def _save(fig: Figure, plate: Plate, out: Path, suffix: str) -> Path:
    path = out / f"{plate.name}.{suffix}"
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with atomic(path) as temporary:
        fig.savefig(temporary, format=suffix, metadata=metadata[suffix])
    return path
