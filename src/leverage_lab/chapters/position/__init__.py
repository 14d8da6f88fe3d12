"""Beside the chapters: your own position."""
