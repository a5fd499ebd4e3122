"""From a case folder to a dossier: the only place where stages meet."""
