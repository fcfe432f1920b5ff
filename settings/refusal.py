"""How a validator says no."""

from pydantic_core import PydanticCustomError

from settings.problems import Path


def refusal(rule: str, message: str, fix: str, at: Path = ()) -> PydanticCustomError:
    """An error to raise inside a pydantic validator.

    `message` and `fix` are clauses, to be read after the path and value. `at` leads from
    the value being validated to the part that is wrong.
    """
    return PydanticCustomError(rule, "{message}", {"message": message, "fix": fix, "at": at})
