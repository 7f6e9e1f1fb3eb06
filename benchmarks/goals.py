"""The goals: the largest ratios of our time to that of PyTorch's fastest way, on the CPU."""

from benchmarks.case import Case

#: {net: {task: (on one thread, on more)}}, with batch norm.
GOALS = {
    "page": {"step": (0.75, 0.78), "product": (0.45, 0.48)},
    "lenet": {"step": (1.0, 1.0), "product": (0.75, 0.75)},
}
#: The widths of each net for which its goals hold.
WIDTHS = {"page": ("1/8", "1/4", "1/2"), "lenet": ("1",)}


def goal(case: Case, task: str, threads: int) -> float | None:
    """The goal for a ``task`` in a case, or None where there is none."""
    if case.norm == "none" or case.width not in WIDTHS.get(case.net, ()):
        return None
    pair = GOALS[case.net].get(task)
    return None if pair is None else pair[threads > 1]
