"""Turns messages and spoken coordinates into one honest `Fix`."""
