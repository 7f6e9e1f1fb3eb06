"""Experiments on landscapes of LeNet and VGG-16 (oxford2021)."""
