"""How generated cases are generated.

The same ones in every run, so that a change is judged by what it changes; OCPREG_RANDOM=1 looks
for new ones. What such a run finds becomes a case of its own.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile("random" if os.environ.get("OCPREG_RANDOM") else "same")
