"""Finalizers of which it is known who removes them, and what that one does before.

Others are held by a controller that nobody can name; see controllers for those that live in the namespace.
"""

from typing import NamedTuple

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity

_PODS = "pods"


class Known(NamedTuple):
    """finalizer: its name, or its beginning where it ends in a slash. who: the actor; deed: what it does
    before it removes the finalizer, as the end of a sentence. kinds: what it looks after, () for all."""

    finalizer: str
    who: str
    deed: str
    kinds: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    effect: Effect = Effect.DELAYS

    def fits(self, finalizer: str, kind: str) -> bool:
        if self.kinds and kind not in self.kinds:
            return False
        if self.finalizer.endswith("/"):
            return finalizer.startswith(self.finalizer)
        return finalizer == self.finalizer


# The kube-controller-manager's, in every cluster.
_KUBERNETES = (
    # apimachinery pkg/apis/meta/v1/types.go: FinalizerDeleteDependents, FinalizerOrphanDependents
    Known("foregroundDeletion", "the garbage collector", "once its dependents are gone"),
    Known("orphan", "the garbage collector", "once its dependents are set free"),
    # k8s.io/api/batch/v1/types.go: JobTrackingFinalizer
    Known("batch.kubernetes.io/job-tracking", "the job controller", "once it has counted the pod", (_PODS,)),
    # k8s.io/api/resource/v1/types.go: Finalizer
    Known(
        "resource.kubernetes.io/delete-protection",
        "the resource claim controller",
        "once no pod uses it any more",
        ("resourceclaims.resource.k8s.io",),
    ),
)
# Those of widespread add-ons: whether they run is not known.
_ADD_ONS = (
    # kubernetes-csi/external-snapshotter pkg/utils/util.go
    Known(
        "snapshot.storage.kubernetes.io/",
        "the CSI snapshot controller",
        "once the snapshot is not needed any more",
        severity=Severity.WARNING,
    ),
    # argo-cd.readthedocs.io/en/stable/user-guide/app_deletion; the same name with /background or /foreground
    *(
        Known(
            name,
            "Argo CD",
            "after it has deleted everything that the application deployed, in whatever namespace",
            ("applications.argoproj.io",),
            Severity.DANGER,
            Effect.BREAKS,
        )
        for name in ("resources-finalizer.argocd.argoproj.io", "resources-finalizer.argocd.argoproj.io/")
    ),
    # fluxcd.io/flux/components/kustomize/kustomizations and helm/helmreleases, "Garbage collection"
    Known(
        "finalizers.fluxcd.io",
        "Flux",
        "after it has deleted what it deployed, in whatever namespace, unless pruning is off",
        ("kustomizations.kustomize.toolkit.fluxcd.io", "helmreleases.helm.toolkit.fluxcd.io"),
        Severity.DANGER,
        Effect.BREAKS,
    ),
    Known("finalizers.fluxcd.io", "Flux", "once it has cleaned up", severity=Severity.WARNING),
    # crossplane-runtime pkg/reconciler/managed
    Known(
        "finalizer.managedresource.crossplane.io",
        "the provider of Crossplane",
        "after it has deleted what it stands for outside of the cluster, unless its policy says otherwise",
        severity=Severity.DANGER,
        effect=Effect.DESTROYS,
    ),
    # kubernetes-sigs/aws-load-balancer-controller pkg/shared_constants
    *(
        Known(
            f"{part}.k8s.aws/resources",
            "the AWS Load Balancer Controller",
            "once the load balancer is removed",
            severity=Severity.WARNING,
        )
        for part in ("service", "ingress", "elbv2")
    ),
    # kubernetes/ingress-gce pkg/utils/common/finalizer.go
    Known(
        "networking.gke.io/",
        "the ingress controller of GKE",
        "once the load balancer is removed",
        severity=Severity.WARNING,
    ),
    # cert-manager pkg/apis/acme/v1: ACMELegacyFinalizer, ACMEDomainQualifiedFinalizer
    *(
        Known(name, "cert-manager", "once the challenge is cleaned up", severity=Severity.WARNING)
        for name in ("finalizer.acme.cert-manager.io", "acme.cert-manager.io/finalizer")
    ),
    # rancher/rancher pkg/controllers/managementuser/rbac/namespace_handler.go
    Known(
        "controller.cattle.io/namespace-auth",
        "Rancher",
        "once it has cleaned up",
        ("namespaces",),
        Severity.WARNING,
    ),
)
KNOWN = (*_KUBERNETES, *_ADD_ONS)


def known(finalizer: str, kind: str) -> Known | None:
    """kind: `pods`, `applications.argoproj.io`, where some actors look after certain kinds only."""
    return next((entry for entry in KNOWN if entry.fits(finalizer, kind)), None)


def is_kubernetes(entry: Known) -> bool:
    """Whether the actor is there in every cluster."""
    return entry in _KUBERNETES
