"""What sends an SMS: a gateway with an HTTP door, or a folder that a gateway watches."""
