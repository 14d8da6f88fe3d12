"""Seven exchanges on this machine, at the present time, to try things by hand; ends by itself.

PYTHONPATH=tests python -m venue_server [SECONDS]
"""

import sys
import time

from . import VenueServer, World

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600
with VenueServer(World(now_ms=int(time.time() * 1000))) as server:
    print(f"LEVERAGE_LAB_API={server.base}  (for {seconds:g} seconds, or until Ctrl-C)", flush=True)
    try:
        time.sleep(seconds)
    except KeyboardInterrupt:
        pass
    print(f"{len(server.asked)} questions")
