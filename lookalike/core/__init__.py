"""Settings, errors, logging, clocks, metrics: what every other package may use."""
