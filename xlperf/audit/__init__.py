"""Run the checks on a record, and say for what goes together which cell is to blame and why."""
