"""One file for each step, `v` and its number first."""
