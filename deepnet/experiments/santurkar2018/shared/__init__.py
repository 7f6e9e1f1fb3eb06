"""The nets, records, scores and curves of the experiments on smoothness."""
