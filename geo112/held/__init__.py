"""HELD: requests and answers in XML, and the client that follows a location reference (RFC 5985, 6753, 6155)."""
