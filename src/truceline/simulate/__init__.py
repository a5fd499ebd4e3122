"""Beside the levels: worlds with known truth, as case folders that the pipeline reads."""
