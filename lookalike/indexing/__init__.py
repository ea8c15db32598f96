"""Photos to an index directory, and the report on it."""
