"""The command ``python -m deepnet spectrum``: the Hessian's spectrum at one's own weights."""

import sys
import time
from collections.abc import Sequence
from typing import Any

from companion.command import Exit, strict_json
from deepnet import device
from deepnet.curvature import Batches, checkpointed, hessian
from deepnet.curvature.checkpoint import Checkpointed
from deepnet.curvature.operators import Symmetric
from deepnet.ops.algorithm import asking
from deepnet.spectrum.contents import batches_of, contents_of
from deepnet.spectrum.conventions import described, heading
from deepnet.spectrum.options import Options, parse
from deepnet.spectrum.subject import identity_of


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, read the files, analyse, print, return the exit code."""
    options = parse(argv)
    device.tried(options.subject.device)
    explained = device.explained("give a --batch, or a smaller one, and --recompute")
    with explained, asking(options.subject.convolution):
        contents = contents_of(options.subject)
        batches = batches_of(options.subject, contents)
        operator = _operator(batches, options)
        started = time.perf_counter()
        answer = options.question.answer(batches, operator)
        seconds = time.perf_counter() - started
    row = described(options.subject, contents) | answer
    row |= {"dtype": options.subject.dtype, "convolution": options.subject.convolution}
    row |= {"seconds": seconds}
    _print(row, options)
    return _ended(options.question.doubts(row), operator)


def _operator(batches: Batches, options: Options) -> Symmetric:
    """The Hessian over ``batches``, with stored products where a folder is given for them."""
    operator = hessian(batches)
    if options.checkpoint is None:
        return operator
    return checkpointed(operator, options.checkpoint, identity_of(options.subject))


def _print(row: dict[str, Any], options: Options) -> None:
    """Print ``row`` as JSON or as the text for people."""
    if options.json:
        print(strict_json(row))
        return
    print(heading(row))
    print(f"loss           {row['loss']:.12g}\ngradient norm  {row['grad_norm']:.12g}\n")
    options.question.print_row(row)


def _ended(doubts: str, operator: Symmetric) -> int:
    """The exit code. Products are stored as long as there are ``doubts``, which are printed."""
    if doubts:
        print(doubts, file=sys.stderr)
        return Exit.FAILED
    if isinstance(operator, Checkpointed):
        operator.forget()
    return Exit.OK
