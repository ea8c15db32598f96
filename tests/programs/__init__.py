"""Tests of lookalike/programs and of the programs at the top level."""
