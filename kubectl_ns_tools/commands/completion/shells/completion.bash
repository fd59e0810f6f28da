# Completion in bash for the commands of kubectl-ns-tools that are called by their own names, kubectl-ctx_switch and
# so on; those after kubectl are completed by kubectl's own script. No more is used than the bash 3.2 of macOS has.

_kubectl_ns_tools() {
    local directive='' reply
    COMPREPLY=()
    while IFS= read -r reply; do
        if [ -z "$directive" ]; then
            directive=$reply
        else
            COMPREPLY[${#COMPREPLY[@]}]=$reply
        fi
    done <<EOF
$("$1" __complete_bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null </dev/null)
EOF
    type compopt >/dev/null 2>&1 || return 0
    case $directive in
        0) ;;
        2 | 6) compopt -o nospace +o default ;;
        16) compopt -o dirnames -o filenames +o default ;;
        *) compopt +o default ;;
    esac
}

complete -o default -F _kubectl_ns_tools COMMANDS
