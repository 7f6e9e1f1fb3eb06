"""Experiments on networks are functions from a configuration to arrays, stored and resumable."""
