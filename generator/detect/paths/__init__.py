"""What lies in the folder of a service and what it names there: what ships, what is left out, what is missing."""
