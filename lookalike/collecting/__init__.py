"""Wikidata and Wikimedia Commons to photos with licences: the HTTP client."""
