"""Faces for those who speak, one module per framework, each made from a world's tool table.

None of the frameworks is needed to import golive; each is an extra of its own, as they cannot be
installed together.
"""
