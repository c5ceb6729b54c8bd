"""The labelled data that models learn from and are measured on: readers of each set, and its parts."""
