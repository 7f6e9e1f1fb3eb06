"""What the experiments on the batch-norm post share: its nets, its protocol, its measures."""
