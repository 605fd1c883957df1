"""How the values of a service come together, and where each of them came from."""
