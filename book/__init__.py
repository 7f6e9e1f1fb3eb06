"""The book: every claim, figure, erratum and verdict as pages that open from a folder, offline."""
