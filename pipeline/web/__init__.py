"""The page for people: what the chain puts out, live in a browser, and an article with what was found in it as HTML.

Knows the streaming side as its user would and nothing of the command line. Articles are hostile input: every text
passes ``visible.py`` and then autoescaping or ``textContent``.
"""
