"""HTTP: routes, the live feed, request and response schemas, the error table."""
