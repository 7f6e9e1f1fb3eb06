"""Observations on nets: within a band that is stated in advance, in which the null does not lie."""

from dataclasses import dataclass, field

import numpy as np

from sim.evidence import Form, Judgement, Predict


@dataclass(frozen=True)
class Banded:
    """A measured number within ``width`` of what is predicted, relative; the null, measured where
    the effect is absent, is not.

    Without chance in its judgement: a form it does not refute now it is said never to refute.
    """

    predict: Predict
    observed: float
    width: float
    null: float
    draws: int = 1
    law: str = field(default="band", init=False)

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        theory = float(self.predict(form))

        def inside(value: float) -> bool:
            return bool(abs(value - theory) <= self.width * abs(theory) < np.inf)

        refuted = not inside(self.observed) or inside(self.null)
        return Judgement(theory, float(self.observed), None, None, refuted)

    def miss(self, twin: Form, truth: Form, false_alarm: float) -> float:
        return 0.0 if self.judge(twin, false_alarm).refuted else 1.0
