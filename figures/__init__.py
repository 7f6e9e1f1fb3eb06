"""What the reader sees: one file per figure, in the folder of its chapter, named by its content.

``figures.gallery`` finds and draws them, ``figures.marks`` is how lines, points and labels look.
"""
