"""Values that the files of a repository give to a service: a layer above the presets and below the spec."""
