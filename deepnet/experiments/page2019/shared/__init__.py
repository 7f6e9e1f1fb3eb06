"""The nets, protocol, measurements and steps of the experiments on the batch-norm post."""
