"""What the words of a claim mean, in numbers: its definition evaluated without its closed form."""
