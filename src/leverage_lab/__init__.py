"""Leverage Lab: what leverage in crypto futures does, computed."""
