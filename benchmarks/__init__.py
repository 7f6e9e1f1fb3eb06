"""Side by side: the engine against PyTorch, the same net, data, direction and number of threads."""
