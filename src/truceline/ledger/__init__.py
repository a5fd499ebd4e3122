"""The only package that speaks to an engine."""
