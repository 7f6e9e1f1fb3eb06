"""The batch-norm post's experiments on networks (page2019), and what its author left open."""
