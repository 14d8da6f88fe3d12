"""Chapter 5: the same trade on eight exchanges."""

from leverage_lab.chapters.exchanges.shared import table

__all__ = ["table"]
