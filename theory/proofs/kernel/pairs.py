"""Means of products of a random matrix Z of mean 0, by pairs.

In a product of scalars, each a closed chain of letters, two of the Z that are paired pass their
indices on: Z_ij Z_kl becomes R_ik S_jl, which joins chains and cuts them into new ones, each a
trace. The mean of two Z is their pair. That of more Gaussian Z is the sum over all pairings
(Isserlis).
"""

from typing import Any

import sympy as sp

from theory.laws import Entries, pairings
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.words import Polynomial, Word

MOST = 8  # letters in one product


def over_matrix(kernel: Kernel, value: Any, letter: Any, law: Entries) -> Any:
    """The mean of a polynomial over a matrix Z of mean 0, which is called ``letter`` in it."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(value)):
        outside, loops = sp.Integer(1), []
        for base, power in sp.Mul(term).as_powers_dict().items():
            met = [s for s in base.free_symbols if _holds(kernel, s, letter)]
            if not met:
                outside *= base**power
            elif met == [base] and power.is_Integer and power > 0:
                loops += [kernel.products[base]] * int(power)
            else:
                raise NotImplementedError(f"no mean of {base**power}")
        total += outside * (_paired(kernel, loops, letter, law) if loops else 1)
    return total


def _holds(kernel: Kernel, symbol: Any, letter: Any) -> bool:
    return any(x in (letter, sp.Transpose(letter)) for x in kernel.products.get(symbol, ()))


def _paired(kernel: Kernel, loops: list[Word], letter: Any, law: Entries) -> Any:
    """The mean of a product of closed chains of letters."""
    slots: list[tuple[bool, Word, int]] = []  # turned, the word to the next slot, that slot
    for loop in loops:
        places = [k for k, x in enumerate(loop) if x in (letter, sp.Transpose(letter))]
        first = len(slots)
        for number, place in enumerate(places):
            after = places[(number + 1) % len(places)]
            rest = loop[place + 1 :] + loop[:after] if after <= place else loop[place + 1 : after]
            follower = first + (number + 1) % len(places)
            slots.append((loop[place] != letter, rest, follower))
    count = len(slots)
    if count % 2 and (law.gaussian or count == 1):
        return sp.Integer(0)
    if count > (MOST if law.gaussian else 2):
        raise NotImplementedError(f"moments of order {count} of {letter}")
    rows, columns = kernel.polynomial(law.rows), kernel.polynomial(law.columns)
    sizes = law.shape
    return sp.Add(
        *(
            _closed(kernel, slots, {**dict(p), **{b: a for a, b in p}}, (rows, columns), sizes)
            for p in pairings(list(range(count)))
        )
    )


def _closed(
    kernel: Kernel,
    slots: list[tuple[bool, Word, int]],
    partner: dict[int, int],
    covariance: tuple[Polynomial, Polynomial],
    sizes: tuple[Any, Any],
) -> Any:
    """The traces of the chains that one pairing leaves."""
    before = {follower: k for k, (_, _, follower) in enumerate(slots)}
    left = {(k, side) for k in range(len(slots)) for side in ("in", "out")}
    value = sp.Integer(1)
    while left:
        slot, side = start = min(left)
        chain: list[Polynomial] = []
        size: Any = 1
        while not chain or (slot, side) != start:
            left.discard((slot, side))
            if side == "out":  # along the word to the next slot
                _, word, slot = slots[slot]
                chain.append(kernel.tidy(word, sp.Integer(1)) if word else {(): sp.Integer(1)})
                side = "in"
            else:  # against it, to the slot before
                slot = before[slot]
                chain.append(kernel.turn({slots[slot][1]: sp.Integer(1)}))
                side = "out"
            left.discard((slot, side))
            kind = int((side == "in") == slots[slot][0])  # 0: an index of rows, 1: of columns
            chain.append(covariance[kind])
            size, slot = sizes[kind], partner[slot]
            side = "in" if kind == int(slots[slot][0]) else "out"
        whole = kernel.times(*chain)
        value *= sp.Add(*(c * kernel.trace_of(word, size) for word, c in whole.items()))
    return value
