"""The scenarios of the list: each module names its own in SCENARIOS."""
