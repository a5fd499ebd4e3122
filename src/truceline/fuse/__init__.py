"""L3, claims and detections brought together into incidents, matched and attributed."""
