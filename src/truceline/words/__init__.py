"""Documents to statements: who says what, grounded in exact spans; drafts of agreements."""
