"""Hypothesis profiles: ``dev`` at the desk; ``ci``, ``deep``, ``near`` where CI, DEEP, NEAR is set.

At the desk the examples are new in every run. A change that CI refuses is refused for what it
changed, so there the examples follow from each test's source. ``deep`` hunts: many new examples.
``near`` has few, for the tests near a change: ``make test-near``.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadlines and no complaint of slowness: the machines are shared.
patient = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", patient, max_examples=50)
settings.register_profile("ci", patient, max_examples=50, derandomize=True, database=None)
settings.register_profile("deep", patient, max_examples=1000)
settings.register_profile("near", patient, max_examples=10)
asked = [name for name in ("deep", "near", "ci") if os.environ.get(name.upper())]
settings.load_profile([*asked, "dev"][0])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Importing the tests derives nothing: a claim's expressions are built in its own tests."""
    if theory := sys.modules.get("theory"):
        derived = [name for name, claim in theory.claims().items() if "derivation" in vars(claim)]
        if derived:
            raise pytest.UsageError(f"derived when a module is imported: {', '.join(derived)}")


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of experiments' results at tiny scale that all processes of a test run share.

    An experiment is run by the first test that needs it, and read by the others.
    """
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "results"
