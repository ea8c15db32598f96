"""Tests of the HTTP side of collecting: rates, retries, resuming, progress."""
