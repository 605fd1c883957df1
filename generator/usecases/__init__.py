"""What a command does beyond the pipeline: vendor presets, pin images, explain, describe the spec."""
