"""From a file, of whatever kind, to a `Document`."""
