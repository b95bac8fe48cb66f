"""Each job beside its alternatives, interleaved in one run, as ratios."""
