"""Chapter 6: how long a position lives."""
