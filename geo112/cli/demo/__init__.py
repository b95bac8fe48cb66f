"""The demonstration: two real centres and a simulator that speaks to them over HTTP as a carrier would."""
