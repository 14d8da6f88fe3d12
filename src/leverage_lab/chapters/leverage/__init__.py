"""Chapter 1: leverage basics."""
