"""Our own forward passes of spaCy components, and how spaCy is loaded."""
