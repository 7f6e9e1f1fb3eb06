"""The passages of each source text and of the papers that two of them report.

One module per source has the list ``PASSAGES`` in the order of the source. A passage is quoted, or
named by its equation, figure or section. ``companion.references.cite`` takes no other passage.
"""

from companion.passages import (
    ghorbani2019,
    grosse2021,
    oxford2021,
    page2019,
    rethinking,
    santurkar2018,
    whybatchnorm,
)

PASSAGES = {
    "page2019": page2019.PASSAGES,
    "rethinking": rethinking.PASSAGES,
    "santurkar2018": santurkar2018.PASSAGES,
    "whybatchnorm": whybatchnorm.PASSAGES,
    "ghorbani2019": ghorbani2019.PASSAGES,
    "grosse2021": grosse2021.PASSAGES,
    "oxford2021": oxford2021.PASSAGES,
}
