"""What the API server's answers are decoded into, made known before there are threads."""

from lightkube.core import decoders
from lightkube.core.internal_models import meta_v1

from lab import kinds


def learn() -> None:
    """Have msgspec look at every class that lightkube decodes into. To be called by one thread.

    It looks at a class when it first meets it, in Python, and another thread may run in the
    middle. That one takes the class for known, reads a null pointer, and the process is gone
    by a segmentation fault: no exception, no word in the log.
    """
    meta_v1.ObjectMeta.from_dict({})
    meta_v1.Status.from_dict({})
    decoders.decode_watch_event(b'{"type": "ADDED", "object": {}}')
    for kind in kinds.BY_KIND.values():
        decoders.decode_list(b'{"items": [], "metadata": {}}', kind)
