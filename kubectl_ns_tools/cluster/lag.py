"""Refusals that pass: shortly after something was made, parts of the API server have not heard of it yet."""

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden

SECONDS = 15.0  # how long such a refusal is believed to be passing
# Admission knows the quota's status and the default ServiceAccount from caches of its own.
ADMISSION = ("status unknown for quota", "error looking up service account")


def admission_lags(error: ApiError) -> bool:
    """Whether admission refused for want of what it is about to learn."""
    return isinstance(error, ApiForbidden) and any(words in error.message for words in ADMISSION)
