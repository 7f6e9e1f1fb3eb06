"""Data sets of labelled images: generated, downloaded, or the reader's own."""

from deepnet.data.dataset import Dataset
from deepnet.data.paths import load
from deepnet.data.textures import textures

__all__ = ["Dataset", "load", "textures"]
