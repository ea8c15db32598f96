"""The page in tests: a small gallery, a matcher to be changed, a browser, a page process that misbehaves."""
