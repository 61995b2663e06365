"""Training: a loop that is a generator of steps, and what it is measured against."""
