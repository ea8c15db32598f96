"""People with tastes that are known."""
