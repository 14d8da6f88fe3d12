"""Chapter 2: liquidation mechanics."""
