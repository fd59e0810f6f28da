"""Why a namespace that is being deleted does not go, and the last resort."""
