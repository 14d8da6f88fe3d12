"""Your own position: all its numbers under named rules, and which rules give the number that an exchange shows."""
