"""Reports of an article in, attributions with the person or body who spoke out."""
