"""Mobile cells: their identities, where they are, and where somebody is who is heard by them."""
