"""What a person may type: declared once, parsed, permitted, helped with and documented from the declaration."""
