"""Schemas that no model has: of what presets are, and of what is resolved before the models."""

from __future__ import annotations

from generator.layers.parameters import TYPES
from generator.usecases.schema_models import Schema

PRESETS: Schema = {
    "type": "array",
    "items": {
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["preset"],
                "properties": {
                    "preset": {"type": "string", "description": "Its name."},
                    "with": {"type": "object", "description": "Values of its parameters."},
                },
            },
        ]
    },
    "description": "Built in, as hardened, or a file of the repository, as ./presets/team.yaml; later ones win.",
}
PARAMETERS: Schema = {
    "type": "object",
    "description": "Values that users of the preset can set, and that {parameter: NAME} refers to.",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "required": ["type"],
        "properties": {
            "type": {"enum": list(TYPES)},
            "default": {"description": "Without one, the parameter has to be given."},
            "example": {"description": "What presets validate gives it."},
            "description": {"type": "string"},
        },
    },
}
REFERENCE: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["parameter"],
    "properties": {
        "parameter": {"type": "string"},
        "text": {"type": "string", "description": "A text with the value in the place of {NAME}."},
        "values": {
            "type": "object",
            "minProperties": 1,
            "description": "By what is given: 17 stands for 17.6 as well, and anything else is refused.",
        },
    },
    "not": {"required": ["text", "values"]},
    "description": "The value of a parameter.",
}
NETWORKS: Schema = {
    "type": "object",
    "additionalProperties": {"anyOf": [{"$ref": "#/$defs/Network"}, {"type": "null"}]},
    "description": "Compose networks by name.",
}
FRAGMENTS: Schema = {
    "type": "object",
    "additionalProperties": {"type": ["boolean", "null"]},
    "description": "Fragments of the presets to take, each as name: true.",
}
