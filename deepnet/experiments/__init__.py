"""Experiments on networks: functions from a configuration to arrays, stored and resumable."""
