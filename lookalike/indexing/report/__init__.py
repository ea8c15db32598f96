"""The report of a gallery: one HTML file."""
