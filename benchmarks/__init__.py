"""What is slow, measured as medians and ratios within one run; results in README.md beside this file."""
