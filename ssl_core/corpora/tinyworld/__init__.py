"""A small language of our own: its stories read naturally, and every probability in it can be computed exactly."""
