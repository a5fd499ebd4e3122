"""L1, files of a case read strictly into records: nothing is guessed, nothing is dropped."""
