"""Tests of the clients of Wikidata and Wikimedia Commons."""
