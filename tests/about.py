"""Mark a test as part of a claim's life: ``pytest -k spectra.outlier`` then runs it."""

import pytest

import theory
from theory.claim import Claim


def about(*claims: Claim) -> pytest.MarkDecorator:
    """Parametrise a test that takes ``claim`` so that its id carries the claim's name."""
    return pytest.mark.parametrize("claim", claims, ids=[claim.name for claim in claims])


#: For a test that takes each ``claim`` of the book. Nothing is derived before the test runs.
each_claim = about(*theory.claims().values())
