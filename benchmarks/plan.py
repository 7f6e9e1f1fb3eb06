"""The plan of the comparison: cases, and the tasks in each case."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple, get_args

from benchmarks.case import BATCH, Case, State
from benchmarks.tasks import TASKS, Task
from deepnet.nets.modes import Mode

#: The widths of each net, smallest first. The first SMALL widths are usual.
WIDTHS = {"page": ("1/8", "1/4", "1/2", "1"), "lenet": ("1",), "vgg16": ("1/4",)}
SMALL = 3
#: Fewer images where a net is wide, so that rounds take about as long. Elsewhere it is BATCH.
BATCHES = {("page", "1/4"): 64, ("page", "1/2"): 32, ("page", "1"): 32}
NORMS: tuple[Mode, ...] = ("active", "frozen", "none")
STATES: tuple[State, ...] = get_args(State)
#: The usual nets, with the norms for which tasks of many products are done on trained weights.
USUAL: dict[str, tuple[Mode, ...]] = {"page": ("active",), "lenet": NORMS}

Plan = list[tuple[Case, list[Task]]]


class Choice(NamedTuple):
    """The reader's choice. A field that the reader does not name is left to the plan."""

    nets: Sequence[str] = ()
    widths: Sequence[str] = ()
    norms: Sequence[Mode] = ()
    weights: Sequence[State] = ()
    tasks: Sequence[str] = ()
    batch: int | None = None


def plan(choice: Choice, everything: bool) -> Plan:
    """The cases of ``choice`` with their tasks. ``everything`` takes all nets and widths.

    Otherwise the plan has the usual nets at their usual widths, and the tasks of many products only
    where they are cheap.
    """
    cases: Plan = []
    for net in choice.nets or (WIDTHS if everything else USUAL):
        widths = choice.widths or (WIDTHS[net] if everything else WIDTHS[net][:SMALL])
        for width, norm, weights in product(
            widths, choice.norms or NORMS, choice.weights or STATES
        ):
            batch = choice.batch or BATCHES.get((net, width), BATCH)
            case = Case(net, width, norm, weights, batch)
            usual = norm in USUAL.get(net, ()) and width == WIDTHS[net][0]
            cheap = everything or (usual and weights == "trained")
            tasks = [TASKS[name] for name in choice.tasks or TASKS]
            cases.append((case, [t for t in tasks if cheap or choice.tasks or not t.long]))
    return cases
