"""What the programs at the top level run: each composes the other packages; nothing imports this one."""
