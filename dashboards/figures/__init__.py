"""Pictures of problems, made from the problem alone."""
