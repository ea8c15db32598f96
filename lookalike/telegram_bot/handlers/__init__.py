"""One file for each kind of thing people do."""
