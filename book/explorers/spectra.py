"""The explorers of the chapter on spectra: the bulk, the outlier, both at once, and descent."""

from book.explorers.explorer import Edges, Explorer, Line, Readout, Rule, Slider, Stem, Value
from theory import spectra
from theory import symbols as s

ALPHA = Slider(s.alpha, 2, 0.25, 10, log=True)
INPUTS = Slider(s.N, 80, 20, 160, steps=70)
VARIANCE = Slider(s.v, 1, 0.25, 4, log=True)
EXAMPLES = {s.p: s.alpha.symbol * s.N.symbol}
LOWER, UPPER = Value(spectra.edges, "lower"), Value(spectra.edges, "upper")
POPULATION = "population value N m^2 + v"
EQUAL = "all eigenvalues v"

density = Explorer(
    name="density",
    title="The bulk of random inputs",
    about="Bars: eigenvalues of R = XX'/p for data sets of Gaussian inputs without a mean, drawn "
    "in your browser. Line: the density for many inputs. Triangles: its ends. Dashed: a semicircle "
    "between the same ends, the wrong guess. With fewer examples than inputs some eigenvalues are "
    "exactly zero (arrow). The bars leave these out.",
    along=s.lam,
    span=(0, Value(spectra.edges, "upper", factor=1.12)),
    axes=("eigenvalue λ", "density"),
    sliders=(ALPHA, VARIANCE, INPUTS),
    layers=(
        Line(Value(spectra.density, twin="a semicircle"), "a semicircle", place=0.75),
        Line(Value(spectra.density), "the density", place=0.26),
        Edges(spectra.edges),
        Stem(Value(spectra.atom), "at zero"),
    ),
    readouts=(
        Readout("lower end", LOWER),
        Readout("upper end", UPPER),
        Readout("width", Value(spectra.collapse)),
        Readout("share that is zero", Value(spectra.atom)),
    ),
    sampler="spectrum",
    draws=8,
    derived=EXAMPLES,
)

outlier = Explorer(
    name="outlier",
    title="What a mean of the inputs does",
    about="Line: the largest eigenvalue of R for many inputs. Dashed: the source's N m^2 + v. "
    "Points: largest eigenvalues of data sets drawn in your browser, each with a mean of its own. "
    "Left of the threshold the noise hides the mean.",
    along=s.m,
    span=(0, Value(spectra.threshold, factor=2.6)),
    axes=("mean m of the inputs", "largest eigenvalue"),
    sliders=(Slider(s.alpha, 0.5, 0.25, 10, log=True), INPUTS, VARIANCE),
    layers=(
        Line(Value(spectra.outlier), "largest eigenvalue", place=0.7),
        Line(Value(spectra.outlier, twin=POPULATION), "N m² + v", place=0.72, over=False),
        Rule(Value(spectra.threshold), "threshold", dotted=True),
    ),
    readouts=(
        Readout("threshold of the mean", Value(spectra.threshold)),
        Readout("upper end of the bulk", UPPER),
    ),
    sampler="largest",
    draws=24,
    derived=EXAMPLES,
)

whole = Explorer(
    name="whole",
    title="The bulk and its outlier",
    about="Bars: eigenvalues of R for data sets drawn in your browser, whose inputs have the mean "
    "m and the variance 1. Line: the density of the bulk. Upright line: the largest eigenvalue for "
    "many inputs. Dashed: the source's N m^2 + v. Move the mean to zero, and the outlier joins the "
    "bulk.",
    along=s.lam,
    span=(0, Value(spectra.outlier, factor=1.4)),
    axes=("eigenvalue λ", "density"),
    sliders=(Slider(s.m, 0.25, 0, 0.5, steps=50), ALPHA, INPUTS),
    layers=(
        Line(Value(spectra.density)),
        Rule(Value(spectra.outlier), "largest"),
        Rule(Value(spectra.outlier, twin=POPULATION), "N m² + v"),
    ),
    readouts=(
        Readout("largest eigenvalue", Value(spectra.outlier)),
        Readout("N m^2 + v, as the source has it", Value(spectra.outlier, twin=POPULATION)),
        Readout("upper end of the bulk", UPPER),
        Readout("squared overlap with the mean", Value(spectra.outlier_overlap)),
    ),
    sampler="spectrum",
    draws=8,
    fixed={s.v: 1},
    derived=EXAMPLES,
)

losses = Explorer(
    name="losses",
    title="The loss on average",
    about="Line: the mean excess loss after k steps of descent from a random start, for many "
    "inputs of variance 1. Points: the mean over descents on data sets drawn in your browser. "
    "Dashed: what equal eigenvalues would give. Move the rate past the best one, and see the late "
    "steps.",
    along=s.k,
    span=(0, 30),
    axes=("step k", "mean excess loss"),
    sliders=(ALPHA, Slider(s.eta, 0.5, 0.05, 1, steps=95), INPUTS),
    layers=(
        Line(Value(spectra.average_loss, twin=EQUAL), "equal eigenvalues", place=0.2),
        Line(Value(spectra.average_loss), "mean loss", place=0.75),
    ),
    readouts=(
        Readout("best rate of the bulk", Value(spectra.bulk_rate, "eta")),
        Readout("factor per step at the best rate", Value(spectra.bulk_rate, "rate")),
        Readout("upper end of the bulk", UPPER),
    ),
    sampler="losses",
    draws=16,
    fixed={s.v: 1, s.start: 1},
    derived=EXAMPLES,
    log=True,
)

EXPLORERS = (density, outlier, whole, losses)
