"""Stand-ins for Wikidata and Wikimedia Commons, and runs of collect_photos.py against them."""
