"""What is in a text before any model reads it: words, their frequencies, lengths, repeats, and what sets two texts apart."""
