"""One thing that is wrong: where, how bad, and what to do."""

from dataclasses import dataclass

from kubectl_ns_tools.findings import Rule, Severity, rules

RULES: dict[str, Rule] = {
    **rules(
        Severity.ERROR,
        unreadable="make it readable: kubectl refuses to work without it",
        refused="mend it as kubectl says",
        missing_current="choose another one: kubectl ctx-switch NAME",
        missing_cluster="name one that is there: kubectl ctx-set NAME --cluster CLUSTER",
        missing_user="name one that is there: kubectl ctx-set NAME --user USER",
        no_cluster="set one: kubectl ctx-set NAME --cluster CLUSTER",
        no_server="set server: https://HOST:PORT",
        server_url="write it as https://HOST:PORT",
        proxy_url="write it as http://HOST:PORT",
        insecure_authority="remove insecure-skip-tls-verify",
        data_and_path="remove the path: the data is what would count",
        unreadable_path="mend the path, which is relative to the kubeconfig's folder, or put the file there",
        not_pem="put in the text that begins with -----BEGIN; base64-encoded where it is data",
        encrypted_key="decrypt it, or use a credential plugin",
        expired="get a new one",
        not_yet_valid="see whether the clock is right",
        several_methods="remove the token, or user name and password",
        impersonation="set `as`, too",
        no_key="add the key of the certificate",
        exec_plugin="see the documentation of the plugin",
        no_program="install it, or mend its path; without a slash it is looked for in $PATH",
        auth_provider="use the credential plugin of the provider (exec) instead",
    ),
    **rules(
        Severity.WARNING,
        no_file="make it, or name another in $KUBECONFIG",
        file_mode="chmod go-rwx it",
        duplicate_key="remove one of the two",
        second_document="move it to a file of its own",
        misspelt_field="write it as kubectl does",
        namespace="name another: kubectl ns-switch NAME",
        empty_name="give it a name",
        hidden="rename or remove one of the two",
        no_user="set one: kubectl ctx-set NAME --user USER",
        server_scheme="write it as https://HOST:PORT",
        insecure="set certificate-authority-data and remove insecure-skip-tls-verify",
        no_certificate="add the certificate of the key",
        expires_soon="get a new one",
    ),
    **rules(
        Severity.INFO,
        missing_file="make it, or take it out of $KUBECONFIG",
        same_file="name it once in $KUBECONFIG",
        unknown_field="it is lost when kubectl writes the file; what is your own belongs under extensions",
        hidden_copy="remove one of the two",
        unused="remove it, or use it in a context",
        no_credentials="add a token, a client certificate or a credential plugin",
    ),
}


@dataclass(frozen=True)
class Finding:
    """rule: a key of RULES; path, line: where, line 0 for the whole file; kind, name: of the object that it
    is about, such as "context", or "" for none; hint: a better remedy than the rule's; fixable: whether it
    can be mended surely."""

    rule: str
    path: str
    line: int
    problem: str
    kind: str = ""
    name: str = ""
    hint: str = ""
    fixable: bool = False

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity

    @property
    def remedy(self) -> str:
        return self.hint or RULES[self.rule].remedy

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path
