"""The command line: parse arguments, call wiring, print, show progress."""
