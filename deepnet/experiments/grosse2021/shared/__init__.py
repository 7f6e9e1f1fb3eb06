"""What the experiments on the lecture share: nets, rules of descent, and turning weights."""
