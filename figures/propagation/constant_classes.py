"""A random deep ReLU net gives most inputs one class. The curves are the chance that two
independent inputs have their largest output in common, of two, three and ten outputs. It is drawn
against the layer from which the outputs are read. Lines are theory for two and three outputs at the
correlation c_l. Points are pairs of inputs in random nets, with bars of two standard errors. The
source's picture has ten classes at layer 50."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.draws import cosines, pairs, two_inputs
from theory import propagation

SOURCE = cite("page2019", "Most inputs would be classified as belonging to the 'orange' class")
SHOWS = (propagation.same_class, propagation.between_share)
LAYERS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50)
CLASSES = (2, 3, 10)


def data(scale: Scale) -> dict:
    """The chance that two inputs have their largest output in common, over nets.

    Given the layer below, the outputs of the two inputs are Gaussian pairs with its cosine.
    """
    width, nets = scale.pick(64, 512, 2048), scale.pick(50, 400, 2000)
    rng = np.random.default_rng(0)
    chances: dict = {classes: [] for classes in CLASSES}
    for layer, (z, w) in enumerate(two_inputs(rng, width, nets), 1):
        if layer in LAYERS:
            correlation = cosines(z, w)
            for classes in CLASSES:
                u, v = pairs(rng, np.repeat(correlation, 8), classes)
                same = np.argmax(u, axis=1) == np.argmax(v, axis=1)
                a_net = same.reshape(nets, 8).mean(axis=1)
                chances[classes].append((a_net.mean(), a_net.std() / np.sqrt(nets)))
        if layer == LAYERS[-1]:
            break
    return {"same": chances, "note": f"{nets} nets of width {width}"}


def draw(fig: Figure, data: dict) -> None:
    """Draw the chance against the depth."""
    ax = fig.subplots()
    layers = np.arange(1, 56)
    theory = propagation.same_class(c=propagation.between_share(depth=layers))
    colours = {2: marks.THEORY, 3: marks.SECOND, 10: marks.MEASURED}
    marks.theory(ax, layers, theory["two classes"], colours[2])
    marks.theory(ax, layers, theory["three classes"], colours[3])
    for classes, chances in data["same"].items():
        mean, stderr = np.transpose(chances)
        marks.measured(ax, LAYERS, mean, stderr, colours[classes])
    marks.label(ax, (6.5, 0.9), "two classes", marks.THEORY, ha="right")
    marks.label(ax, (11, 0.74), "three", marks.SECOND)
    marks.label(ax, (17, 0.6), "ten (measured)")
    ax.set(xlabel="layer", ylabel="chance of the same class", ylim=(0, 1.02), xlim=(0, 55))
