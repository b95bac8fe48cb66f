"""Decides which kecamatan, hence which 112 centre, a point or an uncertain area falls in."""
