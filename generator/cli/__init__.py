"""The command line. One module per command: its arguments, and what it prints. Decisions are made elsewhere."""
