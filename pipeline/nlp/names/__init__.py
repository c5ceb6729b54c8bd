"""Documents in, entities with their canonical names out."""
