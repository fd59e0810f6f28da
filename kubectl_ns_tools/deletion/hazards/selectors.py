"""Label selectors (apimachinery's LabelSelector): matched here, or written out for the server to match."""

from collections.abc import Iterator, Mapping

from kubectl_ns_tools.deletion.hazards.reading import field, mapping, maps, text, texts

NAME_LABEL = "kubernetes.io/metadata.name"  # the server sets it on every namespace, to the namespace's name


def matches(selector: object, labels: Mapping[str, str]) -> bool:
    """Whether the labels fit. An empty selector fits everything; so does none, as webhooks have it."""
    wanted = mapping(selector, "matchLabels")
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _meets(expression, labels) for expression in maps(selector, "matchExpressions")
    )


def _meets(expression: Mapping[str, object], labels: Mapping[str, str]) -> bool:
    key, values = text(expression, "key"), texts(expression, "values")
    operators = {
        "In": key in labels and labels[key] in values,
        "NotIn": key not in labels or labels[key] not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }
    return operators.get(text(expression, "operator"), False)


def is_empty(selector: object) -> bool:
    return not (field(selector, "matchLabels") or field(selector, "matchExpressions"))


def names_given(selector: object) -> set[str]:
    """The namespaces that a selector names one by one; empty where it selects by other labels."""
    name = text(selector, "matchLabels", NAME_LABEL)
    given = {name} if name else set[str]()
    for expression in maps(selector, "matchExpressions"):
        if text(expression, "key") == NAME_LABEL and text(expression, "operator") == "In":
            given |= set(texts(expression, "values"))
    return given


def as_query(selector: object) -> str:
    """The selector as `labelSelector` of a list."""
    return ",".join(_terms(selector))


def _terms(selector: object) -> Iterator[str]:
    for key, value in mapping(selector, "matchLabels").items():
        yield f"{key}={value}"
    for expression in maps(selector, "matchExpressions"):
        key, values = text(expression, "key"), ",".join(texts(expression, "values"))
        forms = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        yield forms.get(text(expression, "operator"), f"!{key}")
