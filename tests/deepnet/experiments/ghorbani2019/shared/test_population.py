"""Batch norm with the statistics of a population of fixed images."""

import numpy as np

from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.population import Population, moments_over
from deepnet.nets.modes import Active, Frozen
from deepnet.training import train
from deepnet.vectors import to_vector
from tests.close import rounded
from tests.deepnet.experiments.ghorbani2019.tiny import CONFIG, small


def test_frozen_at_the_moments_of_a_batch_the_net_computes_what_it_did():
    problem, weights, x, _ = small(Active())
    seen = moments_over(problem, weights, x)
    frozen = problem.with_norm(Frozen(seen))
    assert rounded(frozen.outputs(weights, x), problem.outputs(weights, x))


def test_the_populations_statistics_stay_for_some_steps_and_are_constants():
    problem, weights, x, targets = small(Frozen({}))
    population = Population(problem.net, problem.norm, images=x[:8], every=2)
    moved = {name: 1.5 * w for name, w in weights.items()}
    for step, then in ((0, weights), (1, weights), (2, moved), (3, moved)):
        fixed = population.frozen_at(then)
        for now in (weights, moved):
            if step % 2 == 0 and now is not then:
                continue  # at even steps the statistics are those of now
            loss = population.at(step).linearise(now, x, targets)
            expected = fixed.linearise(now, x, targets)
            assert float(loss.loss) == float(expected.loss)
            one, two = loss.grad(), expected.grad()
            assert all(np.array_equal(one[name], two[name]) for name in one)


def test_a_population_that_is_the_batch_itself_gives_the_batchs_loss_and_another_gradient(context):
    problem, weights, x, targets = small(Active())
    population = Population(problem.net, Frozen({}), images=x, every=1)
    active, other = (one.linearise(weights, x, targets) for one in (problem, population))
    assert rounded(float(active.loss), float(other.loss))
    one, two = (to_vector(one.grad()) for one in (active, other))
    assert np.linalg.norm(one - two) > 0.1 * np.linalg.norm(one)


def test_a_population_of_all_steps_trains(context):
    recipe = protocol.population(0.1, CONFIG)
    state = protocol.trained(recipe, 1, context).state
    training = protocol.training(recipe, 1, context)
    problem = protocol.problem(recipe, context.data)
    start = protocol.trained(recipe, 0, context).state
    (again,) = train(problem, context.data, training, start)
    assert again.records["loss"] == state.records["loss"]
