"""geo112 finds the 112 centre that answers for a caller, and keeps every call."""

__version__ = "0.1.0"
