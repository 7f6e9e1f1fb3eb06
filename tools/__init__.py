"""Tools of those who develop the companion; they are not installed."""
