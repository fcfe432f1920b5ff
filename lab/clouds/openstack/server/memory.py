"""A dict in place of memcached: a filter of Swift's proxy, named in its pipeline."""


class Remembered(dict):
    """What Swift asks of memcached, without an end to anything."""

    def set(self, key: str, value: object, **more: object) -> None:
        self[key] = value

    def get(self, key: str, *default: object, **more: object) -> object:
        return super().get(key)

    def incr(self, key: str, delta: int = 1, **more: object) -> int:
        self[key] = int(super().get(key) or 0) + delta
        return self[key]

    def delete(self, key: str, **more: object) -> None:
        self.pop(key, None)


def remembering(conf: object, **local: object) -> object:
    """A filter of paste: `swift.cache` in each request's environment."""
    known = Remembered()

    def wrap(app: object) -> object:
        def call(environ: dict, start_response: object) -> object:
            environ["swift.cache"] = known
            return app(environ, start_response)

        return call

    return wrap
