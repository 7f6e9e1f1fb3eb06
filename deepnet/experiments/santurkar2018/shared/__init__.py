"""What the experiments on smoothness share: nets of the protocol, records, scores and curves."""
