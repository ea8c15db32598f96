"""Tests of what the bot does in groups."""
