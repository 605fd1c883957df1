"""What the repository itself says of a service: one more layer of values, above the presets and below the spec."""
