"""Ranks responders by how soon they can be at a position. Empty until the ranking by road lands."""
