"""The command ``python -m theory``: list the claims, show one in full, evaluate it, list errata."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from companion.command import Exit, run, select, strict_json
from companion.errors import UsageError
from theory import claims, document, show
from theory.arguments import flat
from theory.claim import Claim
from theory.domain import DomainError
from theory.evaluator import FEW
from theory.formula import Formula
from theory.options import read
from theory.status import is_current
from theory.values import assignments


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, print, return the exit code."""
    options = read(argv, (__doc__ or "").partition(":")[2].strip())
    if options.prove and options.name in ("errata", "contents"):
        raise UsageError(f"--prove takes claims, and {options.name} has no proof")
    if options.name == "errata" and not options.values:
        return _errata(options)
    if options.name == "contents" and not options.values:
        from theory.contents import as_records, contents

        print(strict_json(as_records()) if options.json else contents())
        return Exit.OK
    if options.name and "=" in options.name:
        raise UsageError(f"name a claim before {options.name!r}; python -m theory lists them")
    known = claims()
    chosen = [
        known[name] for name in select([options.name] if options.name else [], list(known), "claim")
    ]
    if options.prove:
        return _prove([claim.name for claim in chosen], options)
    alone = options.name and len(chosen) == 1 and not chosen[0].parameters
    if options.values or (alone and (options.definition or options.digits is not None)):
        return _evaluate(chosen, options)
    if options.definition:
        raise UsageError(
            "--definition needs one claim and the values of its letters, such as N=320"
        )
    if options.digits is not None:
        raise UsageError("--digits needs one claim and the values of its letters, such as N=320")
    if options.latex:
        _print_latex(map(document.fragment, chosen), not options.fragment)
    elif options.json:
        from theory import records

        one = options.name and len(chosen) == 1
        shape = records.record_in_full if one else records.record
        print(strict_json(list(map(shape, chosen))))
    elif options.name and len(chosen) == 1:
        print(show.full(chosen[0], show.width()))
    else:
        _table(chosen)
    return Exit.OK


def _print_latex(fragments: Iterable[str], is_whole: bool = True) -> None:
    print(document.document(fragments) if is_whole else "\n\n".join(fragments))


def _prove(names: Sequence[str], options: Any) -> int:
    """Run the proofs and print them, a single one step by step; exit code 1 where a step fails."""
    from theory import prove
    from theory.proof_in_text import in_a_line, in_full, summary

    if options.values or options.latex or options.digits is not None or options.definition:
        raise UsageError("--prove takes claims alone: no values, --digits, --definition or --latex")
    done = []
    for proof in prove.proofs(names, options.jobs):
        done.append(proof)
        if not options.json:
            if len(names) == 1:
                print(in_full(proof, prove.claims()[proof.claim], show.width()), flush=True)
            else:
                print(in_a_line(proof, max(map(len, names))), flush=True)
    print(strict_json([proof.as_dict() for proof in done]) if options.json else summary(done))
    return Exit.OK if all(proof.holds for proof in done) else Exit.FAILED


def _evaluate(chosen: Sequence[Claim], options: Any) -> int:
    if len(chosen) != 1:
        names = ", ".join(claim.name for claim in chosen)
        raise UsageError(f"values go with one claim, but {options.name!r} names {names}")
    from theory.definitions import beside

    (claim,) = chosen
    params = assignments(options.values)
    try:
        value = evaluate(claim.closed_form, params, options.digits)
    except DomainError as error:
        raise UsageError(f"{claim.name}: {error}") from error
    if options.json:
        if options.digits is None:
            value = _each(value, lambda x: _within_floats(claim.name, x))
        shown = {"claim": claim.name, "params": _floats(params), "value": value}
        if options.definition:
            shown["definition"] = beside.record(claim, params)
        print(strict_json(shown))
    else:
        _print_value(value)
        print("\n".join(beside.lines(claim, params, options.definition)))
        _print_twins(claim, params, options.digits)
    return Exit.OK


def evaluate(formula: Formula, params: Mapping[str, Any], digits: int | None = None) -> Any:
    """A formula at exact ``params``: floats, or strings of ``digits`` right digits.

    What is beyond the range of float64 is a string too. Numbers and matrices of few entries go
    through exact arithmetic.
    """
    entries = sum(len(flat(value)) for value in params.values() if isinstance(value, list))
    if digits is None and entries > FEW:
        value = formula(**_floats(params))
        return _each(value, lambda x: x.tolist() if hasattr(x, "tolist") else x)
    exact = formula.exact(digits or 17, **params)
    return _each(exact, _nearest if digits is None else _digits)


def _nearest(number: Any) -> float | str:
    """The nearest float; 12 digits where that would be 0 or inf and the number is not."""
    nearest = float(number)
    lost = (nearest == 0 and number != 0) or (math.isinf(nearest) and number.is_finite)
    return str(number.evalf(12)) if lost else nearest


def _digits(number: Any) -> str:
    return "inf" if number == sp.oo else "-inf" if number == -sp.oo else str(number)


def _within_floats(name: str, value: Any) -> Any:
    """``value``; UsageError where it is beyond float64."""
    if isinstance(value, str):
        raise UsageError(f"{name} is {value}, beyond the range of float64; --digits gives a string")
    return value


def _print_twins(claim: Claim, params: Mapping[str, Any], digits: int | None) -> None:
    """The values of the wrong versions, each under the name of its mistake."""
    print("\ntwins (wrong versions)")
    for name, twin in claim.twins.items():
        try:
            value = evaluate(twin, params, digits)
        except (DomainError, ArithmeticError):
            print(f"  {name}: no value")
            continue
        if isinstance(value, Mapping):
            print(f"  {name}:")
            for key, item in value.items():
                print("\n".join(show.value_in_lines(f"    {key} = ", item)))
        else:
            print("\n".join(show.value_in_lines(f"  {name}: ", value)))


def _each(value: Any, convert: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _each(item, convert) for key, item in value.items()}
    if isinstance(value, list):
        return [_each(item, convert) for item in value]
    return convert(value)


def _floats(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats(item) for item in value]
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def _print_value(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            print("\n".join(show.value_in_lines(f"{key} = ", item)))
    else:
        print("\n".join(show.value_in_lines("", value)))


def _table(chosen: Sequence[Claim]) -> None:
    from theory.contents import first_sentence

    width = max(len(claim.name) for claim in chosen)
    for claim in chosen:
        head = first_sentence(claim.statement)
        print(f"{claim.name:<{width}}  {claim.relation:<11}  {claim.status:<13}  {head}")
    changed = sum(not is_current(claim.name) for claim in chosen)
    if changed:
        print(
            f"\nThe sources of {changed} claims have changed since their proofs were run. Their "
            "status\nis not known: python -m theory --prove runs the proofs."
        )


def _errata(options: Any) -> int:
    from theory.errata import errata

    entries = list(errata().values())
    if options.json:
        print(strict_json([entry.as_dict() for entry in entries]))
    elif options.latex:
        _print_latex(map(document.erratum, entries), not options.fragment)
    else:
        print("\n\n".join(show.erratum(entry, show.width()) for entry in entries))
    return Exit.OK


if __name__ == "__main__":
    run(main, "python -m theory")
