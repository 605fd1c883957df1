"""gen-dockerfiles.lock: reading, writing and verifying it."""
