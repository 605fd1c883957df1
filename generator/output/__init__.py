"""Compare the rendered files with those on disk, and replace these."""
