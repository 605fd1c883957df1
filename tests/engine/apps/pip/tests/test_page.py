"""Not in the image: known to be for development."""
