"""Keeps events, people and users: in memory, or durably in SQLite."""
