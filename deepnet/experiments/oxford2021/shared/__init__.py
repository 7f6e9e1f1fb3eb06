"""What the experiments on landscapes share: nets of the protocol, probes, and surfaces."""
