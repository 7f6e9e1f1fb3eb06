"""The reasons, shared by many observations, why a null was replaced after results had been seen."""

SEEN = "Results of earlier runs had been seen."
#: Each is a ``why`` of observations whose null was replaced.
NEVER_INSIDE = f"By algebra the former null could not lie inside the band. {SEEN}"
NEVER_WITH_MEASURE = (
    f"By algebra the former null and the measure could not both lie inside the band. {SEEN}"
)
FAR_OUTSIDE = f"The former null missed the band by a wide margin. {SEEN}"
