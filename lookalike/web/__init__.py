"""The page, its API, the metrics endpoint: Starlette."""
