"""Your own position: what your exchange shows of it, and which rules say so."""
