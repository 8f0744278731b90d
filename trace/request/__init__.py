"""What pages and the API share about one request: its session, its actor, its language, its limits."""
