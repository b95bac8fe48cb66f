"""Cuts the boundaries into vector tiles, so that the map works without internet."""
