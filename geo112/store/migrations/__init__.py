"""How the tables of a centre came to be, step by step."""
