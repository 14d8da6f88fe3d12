"""Chapter 6: using leverage."""
