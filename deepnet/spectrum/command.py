"""The command ``python -m deepnet spectrum``: the Hessian's spectrum at one's own weights."""

import sys
import time
from collections.abc import Sequence
from typing import Any

from companion.command import Exit, strict_json
from deepnet import device
from deepnet.curvature import checkpointed, hessian
from deepnet.curvature.checkpoint import Checkpointed
from deepnet.curvature.operators import Symmetric
from deepnet.spectrum import density, ends
from deepnet.spectrum.options import parse
from deepnet.spectrum.subject import batches_of, identity_of


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, read the files, analyse, print, return the exit code."""
    options = parse(argv)
    subject, probes = options.subject, options.probes
    device.tried(subject.device)
    with device.explained("give a --batch, or a smaller one, and --recompute"):
        batches = batches_of(subject)
        operator: Symmetric = hessian(batches)
        if options.checkpoint is not None:
            operator = checkpointed(operator, options.checkpoint, identity_of(subject))
        started = time.perf_counter()
        if probes:
            facts = density.facts(batches, probes, operator)
        else:
            facts = ends.facts(batches, options.ends, operator)
        seconds = time.perf_counter() - started
    row = {
        "net": subject.net,
        "norm": subject.norm,
        "eps": None if subject.norm == "none" else subject.eps,
        "parameters": batches.parameters,
        "examples": batches.examples,
        **facts,
        "dtype": subject.dtype,
        "seconds": seconds,
    }
    if options.json:
        print(strict_json(row))
    else:
        _print_heading(row)
        (density if probes else ends).print_row(row)
    doubts = "" if probes else ends.doubts(row, options.ends)
    if doubts:
        print(doubts, file=sys.stderr)
    elif isinstance(operator, Checkpointed):
        operator.forget()
    return Exit.FAILED if doubts else Exit.OK


def _print_heading(row: dict[str, Any]) -> None:
    eps = "" if row["eps"] is None else f" (eps {row['eps']:g})"
    print(
        f"net {row['net']}, norm {row['norm']}{eps}, {row['parameters']:,} parameters, "
        f"{row['examples']:,} examples, {row['dtype']}"
    )
    print(f"loss           {row['loss']:.12g}\ngradient norm  {row['grad_norm']:.12g}\n")
