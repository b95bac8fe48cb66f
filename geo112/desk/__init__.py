"""The dispatcher's steps in order: record first, think second."""
