"""All cases, in the order of the table in docs/managers.md."""

from .cases import Case
from .node_cases import NODE
from .output_cases import OUTPUTS
from .python_cases import PYTHON
from .workspace_cases import WORKSPACES

CASES: tuple[Case, ...] = (*PYTHON, *NODE, *WORKSPACES, *OUTPUTS)
