"""Which perangkat daerah serve which category of incident, and what they send."""
