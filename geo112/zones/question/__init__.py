"""The question that settles a border case: what to ask a caller, and what the answer says about the centre."""
