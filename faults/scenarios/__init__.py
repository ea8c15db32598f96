"""The faults of the list, a module for each subject; SCENARIOS of a module names its own."""
