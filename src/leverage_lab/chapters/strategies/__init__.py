"""Chapter 7: using leverage."""
