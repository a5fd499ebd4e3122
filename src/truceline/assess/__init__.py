"""L4, exposure, evidence, release and verdict.  Pure: inputs in, assessments out."""
