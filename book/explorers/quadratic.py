"""The explorers of the chapter on the quadratic loss: one mode, and how fast it shrinks."""

from book.explorers.explorer import Explorer, Line, Readout, Slider, Value
from theory import quadratic
from theory import symbols as s

modes = Explorer(
    name="modes",
    title="One mode of descent",
    about="Line: the displacement after k steps along an eigenvector of the Hessian, as a share "
    "of the first. Dashed: gradient flow, which takes infinitely small steps. The displacement "
    "changes its sign at each step for eta lam > 1, and grows for eta lam > 2.",
    along=s.k,
    span=(0, 20),
    axes=("step k", "share of the first displacement"),
    sliders=(Slider(s.eta, 1.6, 0.05, 2.1, steps=41), Slider(s.lam, 1, 0.1, 2, steps=38)),
    layers=(
        Line(Value(quadratic.decay, twin="gradient flow exp(-eta lam k)"), "flow", place=0.3),
        Line(Value(quadratic.decay), "descent", place=0.5),
    ),
    readouts=(
        Readout("sign from step to step", Value(quadratic.regimes, "sign")),
        Readout("1 grows, -1 shrinks", Value(quadratic.regimes, "growth")),
    ),
)

shrinking = Explorer(
    name="shrinking",
    title="Steps until a mode has shrunk",
    about="Line: the number of steps in which the displacement shrinks by the factor e. Dashed: "
    "1/(eta lam), as the sources have it. The number grows again where descent overshoots.",
    along=s.eta,
    span=(0.02, 1.98),
    axes=("learning rate η", "steps"),
    sliders=(Slider(s.lam, 1, 0.1, 1, steps=36),),
    layers=(
        Line(Value(quadratic.time_constant, twin="printed: 1/(eta lam)"), "1/(η λ)", place=0.6),
        Line(Value(quadratic.time_constant), "exact", place=0.25, over=False),
    ),
    readouts=(),
    log=True,
)

EXPLORERS = (modes, shrinking)
