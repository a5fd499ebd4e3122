"""Could it have been seen?  Where satellites were in the past, from stored orbital elements."""
