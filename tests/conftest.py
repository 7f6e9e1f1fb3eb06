"""Hypothesis profiles: ``dev`` at the desk; ``ci``, ``deep``, ``near`` where CI, DEEP, NEAR is set.

At the desk the examples are new in every run. A change that CI refuses is refused for what it
changed, so there the examples follow from each test's source. ``deep`` hunts: many new examples.
``near`` has few, for the tests near a change: ``make test-near``.
"""

import os

from hypothesis import HealthCheck, settings

# No deadlines and no complaint of slowness: the machines are shared.
patient = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", patient, max_examples=50)
settings.register_profile("ci", patient, max_examples=50, derandomize=True, database=None)
settings.register_profile("deep", patient, max_examples=1000)
settings.register_profile("near", patient, max_examples=10)
asked = [name for name in ("deep", "near", "ci") if os.environ.get(name.upper())]
settings.load_profile([*asked, "dev"][0])
