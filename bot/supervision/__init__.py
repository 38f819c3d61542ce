"""Siblings that start together, are watched, and leave no orphan behind, also when the parent is killed."""
