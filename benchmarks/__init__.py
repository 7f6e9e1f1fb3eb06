"""The engine is timed beside PyTorch, with equal net, data, direction and number of threads."""
