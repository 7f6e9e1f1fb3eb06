"""The options of ``python -m theory``, and which of them do not go together."""

from argparse import Namespace
from collections.abc import Sequence

from companion.command import Parser
from companion.errors import UsageError
from companion.options import add_jobs, add_json, at_least, between

NOTES = """\

A claim without parameters shows its value when it is shown in full, and --digits evaluates it.
--digits D gives D right digits: arithmetic carries a bound on its error and takes more digits
until that is small enough. A number nearer to 0 than 1e-2400 may be printed as 0.

Beside the closed form stands the value of the definition, which never sees the closed form. An
exact one is printed at once where sizes and counts are at most 12. --definition evaluates any
other one: what is drawn takes up to some 10 seconds, and has a standard error.
"""
EXAMPLES = """\
  python -m theory                                      all claims
  python -m theory spectra.outlier                      one in full: definition, steps, twins
  python -m theory spectra.outlier --latex              the same as a LaTeX document
  python -m theory 'spectra.*' --latex --fragment       several claims, to paste
  python -m theory spectra.outlier N=320 alpha=1.25 m=0.22 v=0.9
  python -m theory spectra.outlier N=320 alpha=1.25 m=0.22 v=0.9 --definition
  python -m theory quadratic.max_rate R='[[2,1],[1,2]]' --digits 30
  python -m theory propagation.max_of_four --digits 30  a claim without parameters
  python -m theory spectra.outlier --prove              run its proof, step by step
  python -m theory --prove --jobs 2                     run all proofs
  python -m theory errata                               what the sources print and what is right
  python -m theory contents                             chapters, sections and their claims
"""


def read(argv: Sequence[str], about: str) -> Namespace:
    """Read ``argv``; UsageError where it is wrong."""
    parser = Parser("python -m theory", about, EXAMPLES + NOTES)
    parser.add_argument(
        "name", nargs="?", help="a claim, a glob, 'errata' or 'contents'; without one, all claims"
    )
    parser.add_argument(
        "values", nargs="*", metavar="LETTER=VALUE", help="evaluate at these values"
    )
    parser.add_argument("--digits", type=int, metavar="D", help="evaluate to D right digits")
    parser.add_argument(
        "--definition",
        action="store_true",
        help="evaluate the definition too, where it is drawn or searched for",
    )
    parser.add_argument(
        "--latex",
        action="store_true",
        help="print claims, or errata, as a LaTeX document",
    )
    parser.add_argument(
        "--fragment", action="store_true", help="with --latex: without preamble, to paste"
    )
    parser.add_argument("--prove", action="store_true", help="run the steps of the proofs")
    add_jobs(parser, "processes of --prove (default: one per core)")
    add_json(parser)
    options = parser.parse_intermixed_args(argv)
    between(options, digits=(1, 1000))
    at_least(options, jobs=1)
    _refuse_two_forms(options)
    return options


def _refuse_two_forms(options: Namespace) -> None:
    """UsageError where one option would be ignored beside another."""
    if options.fragment and not options.latex:
        raise UsageError("--fragment goes with --latex")
    if options.latex and options.json:
        raise UsageError("--latex and --json are two forms of the same: give one of them")
    if options.latex and (options.values or options.digits is not None or options.definition):
        raise UsageError("--latex prints a claim, not a value: leave out --latex or the values")
    if options.latex and options.name == "contents":
        raise UsageError("--latex takes claims or errata; the contents are Markdown or --json")
