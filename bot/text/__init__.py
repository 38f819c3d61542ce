"""Words: the reply tree, its two renderers, times and numbers in three languages, the wording of refusals."""
