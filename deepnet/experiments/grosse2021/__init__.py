"""The lecture's hypotheses and its class project as experiments (grosse2021)."""
