"""Ways to make a claim's proof wrong; a chain that survives one of them proves too much."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix
from sympy.utilities.exceptions import SymPyDeprecationWarning

from theory.chain import Chain, Link
from theory.claim import Claim, Derivation
from theory.proofs.reading import kernel_of

FACTOR = sp.Rational(21, 20)
Attack = tuple[str, Derivation]


def times(expression: Any, factor: Any = FACTOR) -> Any:
    """An expression, or each of several, times ``factor``; plus 1/20 where it is 0."""
    if isinstance(expression, Mapping):
        return {key: times(part, factor) for key, part in expression.items()}
    if getattr(expression, "is_ZeroMatrix", False):
        return OneMatrix(*expression.shape) / 20
    if getattr(expression, "is_Matrix", False):
        return factor * expression
    expression = sp.sympify(expression)
    if isinstance(expression, sp.logic.boolalg.Boolean):
        return ~expression
    return factor * expression if expression != 0 else sp.Rational(1, 20)


def scaled(claim: Claim) -> Iterator[Attack]:
    """Another closed form: 21/20 of it."""
    here = claim.derivation
    yield "closed form x 21/20", replace(here, closed_form=times(here.closed_form))


def ends(claim: Claim) -> Iterator[Attack]:
    """Another closed form: scaled, with the other sign, each output alone, each of the twins."""
    here = claim.derivation
    closed = here.closed_form
    factors = (FACTOR,) if claim.relation == "bound" else (FACTOR, sp.Integer(-1))
    for factor in factors:
        yield f"closed form x {factor}", replace(here, closed_form=times(closed, factor))
    if isinstance(closed, Mapping) and len(closed) > 1:
        for key in closed:
            changed = {**closed, key: times(closed[key])}
            yield f"closed form of {key}", replace(here, closed_form=changed)
    for name, twin in here.twins.items():
        yield f"twin {name}", replace(here, closed_form=twin)


def starts(claim: Claim) -> Iterator[Attack]:
    """Another definition: scaled, or the closed form itself."""
    here = claim.derivation
    yield "definition x 21/20", replace(here, definition=times(here.definition))
    if claim.relation != "bound":
        yield "closed form as definition", replace(here, definition=here.closed_form)


def insides(claim: Claim) -> Iterator[Attack]:
    """The chain itself: each letter, each link, each summand of a link scaled."""
    here = claim.derivation
    chain = here.chain
    assert chain is not None
    for letter, image in chain.letters.items():
        letters = {**chain.letters, letter: times(image)}
        yield f"letter {letter}", replace(here, chain=replace(chain, letters=letters))
    case = {letter: image for cover in chain.covers for letter, image in cover.cases[0].items()}
    kernel = kernel_of(claim, here, chain, case)
    for output, links in chain.links.items():
        for place, link in enumerate(links):
            for words, right in _changed(link):
                if _is_no_change(kernel, link.right, right):
                    continue  # 21/20 of what is 0 is 0
                name = f"link {place + 1} {output}{words}"
                yield name, replace(here, chain=_with(chain, output, place, right))
            for letter, image in link.where.items():
                where = {**link.where, letter: times(image)}
                changed = replace(link, where=where)
                yield (
                    f"letter {letter} of link {place + 1}",
                    replace(here, chain=_put(chain, output, place, changed)),
                )
    bare = {output: (Link("It is.", None),) for output in chain.links}
    longer = any(len(links) > 1 or links[0].by is not None for links in chain.links.values())
    if longer and claim.relation == "bound":
        yield "one bare link", replace(here, chain=replace(chain, links=bare))


def _is_no_change(kernel: Any, old: Any, new: Any) -> bool:
    try:
        return bool(kernel.same(old, new))
    except Exception:  # what the kernel cannot read is changed
        return False


def _changed(link: Link) -> Iterator[tuple[str, Any]]:
    if link.right is None:
        return
    yield "", times(link.right)
    right = sp.sympify(link.right)
    if isinstance(right, (sp.Add, sp.MatAdd)):
        for part in right.args:
            yield f", summand {part}", right - part + FACTOR * part


def _with(chain: Chain, output: str, place: int, right: Any) -> Chain:
    return _put(chain, output, place, replace(chain.links[output][place], right=right))


def _put(chain: Chain, output: str, place: int, link: Link) -> Chain:
    links = chain.links[output]
    changed = (*links[:place], link, *links[place + 1 :])
    return replace(chain, links={**chain.links, output: changed})


def sources(claim: Claim) -> Iterator[Attack]:
    """The source with a name scaled of which the closed form is made, so that the chain and what it
    says of gaps are built from it too. Where the definition is made of it too, it is no attack."""
    function = claim.derive
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (body,) = tree.body
    assert isinstance(body, ast.FunctionDef)
    body.decorator_list = []
    for name in sorted(_names_of_closed_form(body)):
        derivation = _derived(body, name, function.__globals__)
        if derivation is not None and derivation.definition == claim.derivation.definition:
            yield f"source of {name}", derivation


def _names_of_closed_form(body: ast.FunctionDef) -> set[str]:
    for node in ast.walk(body):
        if isinstance(node, ast.keyword) and node.arg == "closed_form":
            names = {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
            assigned = {
                target.id
                for each in body.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name)
            }
            return names & assigned
    return set()


class _Scaled(ast.NodeTransformer):
    """Wraps what is assigned to a name into a call of ``times``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        if any(isinstance(each, ast.Name) and each.id == self.name for each in node.targets):
            node.value = ast.Call(ast.Name("__times", ast.Load()), [node.value], [])
        return node


def _derived(body: ast.FunctionDef, name: str, names: Mapping[str, Any]) -> Derivation | None:
    changed = _Scaled(name).visit(ast.parse(ast.unparse(body)))
    place = {**names, "__times": times}
    exec(compile(ast.fix_missing_locations(changed), "tampered", "exec"), place)
    try:
        return place[body.name]()
    except (TypeError, ValueError, AttributeError, SymPyDeprecationWarning):  # no expression
        return None
