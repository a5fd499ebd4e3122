"""L5, a result told as data, tables and a page.  No queries, no judgement."""
