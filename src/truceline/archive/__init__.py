"""L0, bytes as received: hashes, atomic publication, the seal of a dossier."""
