"""A value that is never shown."""

from typing import Any

from pydantic_core import core_schema

from settings.problems import is_encrypted
from settings.refusal import refusal


class Secret:
    """The text of a secret, or offline only the fact that Pulumi keeps one (`sealed`)."""

    __slots__ = ("_text",)

    def __init__(self, text: str | None):
        self._text = text

    @property
    def sealed(self) -> bool:
        """Only ciphertext was given: the text is known to the running program alone."""
        return self._text is None

    def reveal(self) -> str:
        """The text itself. Raises `ValueError` when it is sealed."""
        if self._text is None:
            raise ValueError("this secret is encrypted; only a Pulumi program sees its text")
        return self._text

    def __repr__(self) -> str:
        return "Secret(sealed)" if self.sealed else "Secret(***)"

    __str__ = __repr__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._parse, serialization=core_schema.plain_serializer_function_ser_schema(repr)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return ENCRYPTED

    @classmethod
    def _parse(cls, value: Any) -> "Secret":
        if isinstance(value, Secret):
            return value
        if is_encrypted(value):
            return cls(None)
        if value is None:
            raise refusal("null", "has no value", "leave the key out")
        if not isinstance(value, str):
            raise refusal("type", "takes a secret", "set it with `pulumi config set --secret`")
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        return cls(value)


ENCRYPTED = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}
"""How Pulumi writes a secret in a stack file."""
