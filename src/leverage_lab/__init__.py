"""Leverage Lab: what leverage in crypto futures does, computed."""

__version__ = "0.1.0"
