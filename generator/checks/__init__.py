"""All that can be wrong with a resolved project: its models, its rules, the policies of its presets."""
