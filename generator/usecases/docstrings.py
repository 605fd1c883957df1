"""The texts below the fields of a model, which Python itself does not keep."""

from __future__ import annotations

import ast
import inspect
import sys

from generator.model.types import Model


def docstrings(model: type[Model]) -> dict[str, str]:
    """Return the fields that the class itself declares, in order, each with the text below it, in one line.

    Raises:
        LookupError: a field has none.
    """
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for statement, following in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and _is_field(model, statement.target):
            assert isinstance(statement.target, ast.Name)
            text = following.value if isinstance(following, ast.Expr) else None
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                raise LookupError(f"{model.__name__}.{statement.target.id} has no docstring")
            found[statement.target.id] = " ".join(text.value.split())
    return found


def inherited(model: type[Model]) -> dict[str, str]:
    """Return the texts of all fields, including those of base classes; the nearest class wins."""
    found: dict[str, str] = {}
    for above in reversed(model.__mro__):
        if issubclass(above, Model) and above is not Model and _has_source(above):
            found |= docstrings(above)
    return found


def _is_field(model: type[Model], target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id in model.model_fields


def _has_source(model: type[Model]) -> bool:
    """Tell whether the class is in a source file; the classes of services are created at run time."""
    return getattr(sys.modules[model.__module__], model.__name__, None) is model
