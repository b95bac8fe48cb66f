"""A region's own boundary file: read, matched with the codes in force, fitted in, checked, put in force."""
