"""Tests of the search in lookalike.gallery: graphs, exact search, graphs brought up to date."""
