"""What claimwire remembers of an article: its earlier versions, and what a new one changes."""
