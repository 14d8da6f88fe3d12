"""Zips that are the same bytes for the same content."""

import io
import zipfile

THEN = (2026, 1, 1, 0, 0, 0)  # any date, as long as it stays


def packed(files):
    """{name: bytes} as the bytes of a zip."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as out:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            out.writestr(entry, content)
    return whole.getvalue()


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return {entry.filename: found.read(entry) for entry in found.infolist()}
