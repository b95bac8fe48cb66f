"""LoST: requests and answers in XML, and the mapping from a location and a service to a centre (RFC 5222)."""
