"""Chapter 4: fees."""
