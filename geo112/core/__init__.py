"""Words that all layers share: positions, shapes, codes, errors, time."""
