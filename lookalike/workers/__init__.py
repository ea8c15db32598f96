"""The processes in which `faces` runs: pool, protocol, sandbox."""
