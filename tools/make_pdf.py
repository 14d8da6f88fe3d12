"""Print the whole course as one PDF.

make pdf [OUT=file]
"""

import argparse
import sys
import time
from pathlib import Path

from book import pdf


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=pdf.ROOT / "dist" / "leverage-lab.pdf")
    file, begun = parser.parse_args().out.resolve(), time.perf_counter()
    pdf.build(file)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except pdf.Stop as stop:
        sys.exit(str(stop))
