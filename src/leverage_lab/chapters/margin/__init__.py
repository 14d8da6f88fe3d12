"""Chapter 3: margin modes."""
