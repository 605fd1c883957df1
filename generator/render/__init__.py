"""Templates to texts, in memory. Nothing here reads or writes the user's repository."""
