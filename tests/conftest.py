"""Hypothesis profiles: ``dev`` for the desk, ``ci`` where CI is set."""

import os

from hypothesis import HealthCheck, settings

# No deadlines and no complaint of slowness: the machines are shared.
patient = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", patient, max_examples=50)
settings.register_profile("ci", patient, max_examples=100, derandomize=False)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
