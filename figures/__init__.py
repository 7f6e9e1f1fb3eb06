"""What the reader sees: each figure is one file, named by its content, in the folder of its
chapter.

``figures.gallery`` finds the figures and draws them. ``figures.marks`` says how lines, points and
labels look.
"""
