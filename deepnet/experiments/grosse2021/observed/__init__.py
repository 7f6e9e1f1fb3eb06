"""What is stated of the arrays of long experiments: measures, nulls and observations."""
