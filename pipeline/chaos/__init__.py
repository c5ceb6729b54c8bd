"""The proof that a user runs himself: a chain under load, faults at random moments, then a count of what came out.

Above ``broker`` and ``streaming``, since it needs both: it kills the one under the other.
"""
