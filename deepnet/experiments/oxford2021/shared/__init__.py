"""Nets of the protocol, probes and surfaces, which the experiments on landscapes share."""
