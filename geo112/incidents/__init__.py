"""The events of a call, the calls and incidents folded from them, and the ports for keeping them."""
