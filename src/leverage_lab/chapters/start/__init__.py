"""Chapter 0: how this works."""
