# Completion in zsh for the commands of kubectl-ns-tools that are called by their own names, kubectl-ctx_switch and
# so on; those after kubectl are completed by kubectl's own script.

_kubectl_ns_tools() {
    local -a typed answer values shown nospace
    local directive line tab=$'\t'
    # Quotes are taken off, and nothing in the words is evaluated.
    typed=("${(@Q)words[2,CURRENT-1]}")
    answer=("${(@f)$(command $service __complete_raw "${typed[@]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
    directive=${answer[-1]#:}
    for line in "${(@)answer[1,-2]}"; do
        values+=("${line%%$tab*}")
        if [[ $line == *$tab* ]]; then
            shown+=("${line%%$tab*}  -- ${line#*$tab}")
        else
            shown+=("$line")
        fi
    done
    # An option and its value are one word.
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    (( directive & 2 )) && nospace=(-S '')
    if (( $#values )) && compadd -l -d shown "${nospace[@]}" -a values; then
        return 0
    fi
    (( directive & 16 )) && { _files -/; return }
    (( directive & 4 )) || _files
}

compdef _kubectl_ns_tools COMMANDS
