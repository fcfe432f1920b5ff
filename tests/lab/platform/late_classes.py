"""Which classes does msgspec look at only after a `Loop` is made? There may be threads then.

Has a client meet every kind in each way that the API server answers, and prints them.
"""

import logging
import sys
from contextlib import suppress

import httpx2
from lightkube import ApiError, Client, KubeConfig

from lab import kinds
from lab.loop import Loop

OBJECT = '{"metadata": {"name": "x", "managedFields": [{}], "labels": {"a": "b"}}}'
ERROR = '{"kind": "Status", "code": 410, "details": {"causes": [{}]}}'


def answer(request: httpx2.Request) -> httpx2.Response:
    code, text = 200, f'{{"items": [{OBJECT}], "metadata": {{"resourceVersion": "1"}}}}'
    if "watch" in request.url.params:
        events = (("ADDED", OBJECT), ("ERROR", ERROR))
        text = "\n".join(f'{{"type": "{kind}", "object": {each}}}' for kind, each in events)
    elif request.url.path.endswith("/x"):
        code, text = 404, ERROR
    return httpx2.Response(code, headers={"Content-Type": "application/json"}, text=text)


def main() -> None:
    late = set()

    def look(frame: object, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == "get_class_annotations":
            late.add(frame.f_locals["obj"].__name__)

    transport = httpx2.MockTransport(answer)
    client = Client(KubeConfig.from_file(sys.argv[1]), trust_env=False, transport=transport)
    Loop(client, [], lambda: None, logging.getLogger())
    sys.setprofile(look)
    for kind in kinds.BY_KIND.values():
        assert [each.metadata.name for each in client.list(kind)] == ["x"]
        with suppress(ApiError):
            for _, each in client.watch(kind):
                assert each.metadata.name == "x"
        with suppress(ApiError):
            client.get(kind, "x")
    sys.setprofile(None)
    print("looked at late:", *sorted(late))


if __name__ == "__main__":
    main()
