"""The executables of an archive: shell scripts that start the interpreter beside them."""

_SCRIPT = """\
#!/bin/sh
# Starts kubectl {command} with the Python in lib/, also through symlinks to this file, such as krew's.
self=$0
case $self in
*/*) ;;
*) self=./$self ;;
esac
while [ -L "$self" ]; do
    target=$(PATH=$PATH:/usr/bin:/bin readlink "$self") || exit 1
    case $target in
    /*) self=$target ;;
    *) self=${{self%/*}}/$target ;;
    esac
done
{check}exec "${{self%/*}}/lib/python/bin/python3" -I -S -B "${{self%/*}}/lib/app/start.pyc" {words} "$@"
"""

# One of the shell's own tests costs nothing; the message without it would be the kernel's "not found".
_CHECK = """\
[ -e {loader} ] || {{
    echo "error: this build of kubectl-ns-tools is for {platform} with glibc, whose {loader} is not here;" \\
        "with a Python of your own: pip install kubectl-ns-tools" >&2
    exit 1
}}
"""


def launchers(commands: list[str], platform: str, loader: str) -> dict[str, str]:
    """Scripts by name: each command's executable, and the one that kubectl calls to complete its words.

    platform: like "linux/amd64"; loader: what must be on the machine, "" for nothing.
    """
    check = _CHECK.format(loader=loader, platform=platform) if loader else ""
    scripts = {}
    for command in commands:
        name = command.replace("-", "_")
        for prefix, words in (("kubectl-", command), ("kubectl_complete-", f"{command} __complete")):
            scripts[prefix + name] = _SCRIPT.format(command=command, check=check, words=words)
    return scripts
