"""What is OpenShift's in a file, seen from plain Kubernetes."""

from kubectl_ns_tools.templates.objects import Manifest

_TEMPLATE_VERSIONS = ("template.openshift.io/v1", "v1")  # the latter before OpenShift 3.6
_PROJECT_GROUP = "project.openshift.io"


def is_template(manifest: Manifest) -> bool:
    """Whether it is a `kind: Template`, which stands for other objects."""
    return manifest.kind == "Template" and manifest.api_version in _TEMPLATE_VERSIONS


def project_as_namespace(manifest: Manifest) -> Manifest:
    """The Namespace that a Project of a project-request template stands for; other objects as they are.

    A Project is OpenShift's view of the Namespace of the same name and metadata.
    """
    if manifest.kind != "Project" or manifest.group != _PROJECT_GROUP:
        return manifest
    return manifest.with_data({"apiVersion": "v1", "kind": "Namespace", "metadata": manifest.metadata})
