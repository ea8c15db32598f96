"""Attacks (group A), a module for each subject; SCENARIOS of a module names its own."""
