"""How the shipped model is made and measured: data folders in, ``pipeline/model/`` and its figures out."""
