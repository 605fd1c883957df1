"""The texts below the fields of a model, which Python itself does not keep."""

from __future__ import annotations

import ast
import inspect

from generator.model.types import Model


def docstrings(model: type[Model]) -> dict[str, str]:
    """The fields that the class itself declares, in order, each with the text below it.

    Raises:
        LookupError: a field has none.
    """
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for statement, following in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            text = following.value if isinstance(following, ast.Expr) else None
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                raise LookupError(f"{model.__name__}.{statement.target.id} has no docstring")
            found[statement.target.id] = text.value
    return found


def inherited(model: type[Model]) -> dict[str, str]:
    """The texts of all fields, those of the classes above included; the nearest class wins."""
    found: dict[str, str] = {}
    for above in reversed(model.__mro__):
        if issubclass(above, Model) and above is not Model:
            found |= docstrings(above)
    return found
