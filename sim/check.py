"""Check one claim: observe, judge its closed form, and see its twins refuted."""

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Judgement, Verdict
from sim.power import power, refutes
from sim.table import simulations
from theory.claim import Claim
from theory.status import digest

#: The false-alarm rate of a whole run. Each of its tests gets an equal share.
FALSE_ALARM = 1e-6


@dataclass(frozen=True)
class Row:
    """The outcome of one check, in the order of the JSON.

    ``theory``, ``simulated`` and ``stderr`` are of the headline, the first piece of evidence.
    ``p`` is the smallest p-value of the check's tests times their number. ``false_alarm`` is its
        limit.
    ``power`` is the smallest relative error of the closed form that the check refutes
        (``sim.power``).
    """

    claim: str
    relation: str
    theory: float
    simulated: float
    stderr: float | None
    draws: int
    unit: str
    law: str
    p: float | None
    false_alarm: float | None
    verdict: Verdict
    seconds: float
    seed: int
    scale: str
    power: float | None
    twins: list[dict[str, Any]]

    @property
    def passed(self) -> bool:
        """The claim agrees and every twin is refuted."""
        return self.verdict == "agrees" and all(twin["refuted"] for twin in self.twins)

    def as_dict(self) -> dict[str, Any]:
        """The row in the form of the JSON, with a digest of the files that the claim rests on."""
        return asdict(self) | {"digest": digest(self.claim.partition(".")[0])}


def observe(claim: Claim, seed: int = 0, scale: Scale | str = Scale.QUICK) -> list[Evidence]:
    """Draw once the evidence for ``claim``. It can judge any number of forms.

    The random numbers depend on ``seed`` and on the claim's name alone.
    """
    rng = np.random.default_rng([seed, zlib.crc32(claim.name.encode())])
    observed = simulations()[claim].observe(rng, Scale(scale))
    return list(observed) if isinstance(observed, Iterable) else [observed]


@dataclass(frozen=True)
class Finding:
    """The answer of one draw about a form: the judgement of each piece of evidence, and each twin's
    fate.

    A twin's fate has two parts: whether the draw refutes the twin, and whether all draws but one in
    a million would refute it.
    """

    judgements: list[Judgement]
    twins: dict[str, tuple[bool, bool]]

    @property
    def verdict(self) -> Verdict:
        """The verdict "agrees" needs that no piece refutes the form and each twin is told apart."""
        if any(judgement.refuted for judgement in self.judgements):
            return "refuted"
        resolved = all(reliable for _, reliable in self.twins.values())
        return "agrees" if resolved else "unresolved"


def judge(
    claim: Claim,
    evidence: list[Evidence],
    closed_form: Callable[..., Any] | Any = None,
    tests: int = 1,
) -> Finding:
    """Judge the closed form of ``claim``, or another form, and the claim's twins by one draw.

    The arguments are the arguments of ``check``.
    """
    form = claim.closed_form if closed_form is None else closed_form
    if not callable(form) or _is_expression(form):
        form = claim.formula(form)
    share = FALSE_ALARM / tests / len(evidence)
    judgements = [piece.judge(form, share) for piece in evidence]
    twins = {
        name: refutes(evidence, twin, claim.closed_form, share)
        for name, twin in claim.twins.items()
    }
    return Finding(judgements, twins)


def check(
    claim: Claim,
    seed: int = 0,
    scale: Scale | str = Scale.QUICK,
    closed_form: Callable[..., Any] | Any = None,
    tests: int = 1,
) -> Row:
    """Check ``claim`` by simulation: ``judge`` what ``observe`` draws.

    ``closed_form`` replaces the claim's own. It is a function of the parameters or a SymPy
        expression.
    ``tests`` is the number of claims checked in the run. The false-alarm rate is 1e-6 over it.
    """
    scale = Scale(scale)
    started = time.perf_counter()
    evidence = observe(claim, seed, scale)
    finding = judge(claim, evidence, closed_form, tests)
    smallest = power(claim, evidence, FALSE_ALARM / tests / len(evidence))
    headline = finding.judgements[0]
    p_values = [judgement.p for judgement in finding.judgements if judgement.p is not None]
    return Row(
        claim=claim.name,
        relation=claim.relation,
        theory=headline.theory,
        simulated=headline.simulated,
        stderr=headline.stderr,
        draws=evidence[0].draws,
        unit=simulations()[claim].unit,
        law=evidence[0].law,
        p=min(1.0, min(p_values) * len(evidence)) if p_values else None,
        false_alarm=FALSE_ALARM / tests if p_values else None,
        verdict=finding.verdict,
        seconds=time.perf_counter() - started,
        seed=seed,
        scale=str(scale),
        power=smallest,
        twins=[{"name": name, "refuted": refuted} for name, (refuted, _) in finding.twins.items()],
    )


def _is_expression(form: Any) -> bool:
    import sympy as sp

    return isinstance(form, (sp.Basic, dict))
