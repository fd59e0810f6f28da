"""What a namespace says of its making; those who only read it need nothing else of this room."""

TEMPLATE_ANNOTATION = "kubectl-ns-tools/template"
EXPIRES_ANNOTATION = "kubectl-ns-tools/expires"

DIGEST_ANNOTATION = "kubectl-ns-tools/template-digest"  # of the template's texts as they were then
PARAMETERS_ANNOTATION = "kubectl-ns-tools/parameters"  # JSON; null for a value that is not kept
CREATED_ANNOTATION = "kubectl-ns-tools/created"  # the moment, in UTC
REQUESTER_ANNOTATION = "kubectl-ns-tools/requester"
FLAGS_ANNOTATION = "kubectl-ns-tools/flags"  # JSON: the keys that were given on the command line
OBJECTS_ANNOTATION = "kubectl-ns-tools/objects"  # JSON: what was created, with uids
TEMPLATE_LABEL = "kubectl-ns-tools/template"  # on every object
