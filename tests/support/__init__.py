"""Stand-ins, rigs and factories that tests share."""
