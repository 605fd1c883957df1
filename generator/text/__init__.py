"""What everything else stands on: errors with a place, YAML that knows its lines, the files of a repository."""
