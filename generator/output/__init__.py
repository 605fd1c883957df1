"""What is on disk: comparing it with what was rendered, and replacing it without losing anything."""
