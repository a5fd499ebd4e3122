"""L2, observations that passed named predicates."""
