"""Hypothesis profiles: ``dev`` at the desk, ``ci`` where CI is set, ``deep`` where DEEP is set.

At the desk the examples are new in every run. A change that CI refuses is refused for what it
changed, so there the examples follow from each test's source. ``deep`` hunts: many new examples.
"""

import os

from hypothesis import HealthCheck, settings

# No deadlines and no complaint of slowness: the machines are shared.
patient = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", patient, max_examples=50)
settings.register_profile("ci", patient, max_examples=50, derandomize=True, database=None)
settings.register_profile("deep", patient, max_examples=1000)
asked = [name for name in ("deep", "ci") if os.environ.get(name.upper())]
settings.load_profile([*asked, "dev"][0])
