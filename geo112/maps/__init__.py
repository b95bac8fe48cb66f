"""Pages with a map that need no internet: for planners, to be sent and printed."""
