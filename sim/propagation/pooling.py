"""Max-pooling: integrals of the definitions, windows that are drawn, and classifiers on them."""

from collections.abc import Callable, Iterator

from scipy.special import ndtr

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded, Student, at
from sim.propagation.draws import TAIL, Array, Generator, cosines, pdf, quadrature, relu
from sim.table import simulates
from theory import propagation


def of_largest(power: int, low: float) -> float:
    """The integral of x^power times the density of the largest of four, from ``low`` on."""
    return float(quadrature(lambda x: x**power * 4 * pdf(x) * ndtr(x) ** 3, low, TAIL, 160))


@simulates(propagation.max_of_four, unit="window")
def max_of_four(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The largest of four numbers that are drawn, and the integral."""
    yield Student(at(), rng.standard_normal((scale.pick(64, 2**16, 2**20), 4)).max(axis=1))
    yield Rounded(at(), of_largest(1, -TAIL), magnitude=of_largest(1, 0))


@simulates(propagation.pooled_moments, unit="window")
def pooled_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Images of independent pixels, rectified and pooled, and the integrals."""
    side = scale.pick(16, 512, 2048)
    image = relu(rng.standard_normal((side, side)))
    pooled = image.reshape(side // 2, 2, side // 2, 2).max(axis=(1, 3)).ravel()
    yield Student(at("mean"), pooled)
    yield Student(at("mean square"), pooled**2)
    yield Rounded(at("mean"), of_largest(1, 0), magnitude=2.0)
    yield Rounded(at("mean square"), of_largest(2, 0), magnitude=2.0)


@simulates(propagation.classifier_share, unit="pair of pairs of examples")
def classifier_share(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The cosine between the classifier's inputs of two examples, at N and 2N without the 1/N term.

    Over the classifier's weights the outputs at two independent examples are correlated by this
    cosine. It tends to the share.
    """
    inputs, draws = scale.pick(64, 256, 512), scale.pick(64, 1024, 8192)

    def rectified(count: int) -> Array:
        return relu(rng.standard_normal((draws, count)))

    def pooled(count: int) -> Array:
        return relu(rng.standard_normal((draws, count, 4)).max(axis=2))

    def cosine(features: Callable[[int], Array], count: int) -> Array:
        return cosines(features(count), features(count))

    for name, features in (("after ReLU and pooling", pooled), ("after ReLU", rectified)):
        wide, narrow = cosine(features, 2 * inputs), cosine(features, inputs)
        yield Student(at(name), 2 * wide - narrow)

    def predict(form: Form) -> list[float]:
        return [form()["after ReLU"], form()["after ReLU and pooling"]]

    alone = [float(quadrature(lambda x: x**k * pdf(x), 0, TAIL)) for k in (1, 2)]  # noqa: B023
    windows = [of_largest(k, 0) for k in (1, 2)]
    observed = [first**2 / second for first, second in (alone, windows)]
    yield Rounded(predict, observed, magnitude=4.0)
