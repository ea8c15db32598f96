"""What tries to break out or to cost too much, for tests and faults."""
