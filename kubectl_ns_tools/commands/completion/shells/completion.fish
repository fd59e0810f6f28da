# Completion in fish for the commands of kubectl-ns-tools that are called by their own names, kubectl-ctx_switch and
# so on; those after kubectl are completed by kubectl's own script.

function __kubectl_ns_tools
    # The words without their quotes; nothing in them is evaluated.
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l word (string unescape -- $current; or printf '%s\n' $current)
    set -l flag (string match -r -- '^--[^=]+=' $word)
    set -l value (string replace -- "$flag" '' $word)
    set -l answer (command $typed[1] __complete_raw $typed[2..-1] "$word" 2>/dev/null </dev/null)
    test (count $answer) -gt 0; or return
    set -l directive (string sub -s 2 -- $answer[-1])
    set -l values $answer[1..-2]
    for each in $values
        printf '%s\n' "$flag$each"
    end
    if test "$directive" = 16
        for each in (__fish_complete_directories "$value" '')
            printf '%s\n' "$flag$each"
        end
    else if test "$directive" = 0
        for each in (__fish_complete_path "$value")
            printf '%s\n' "$flag$each"
        end
    end
end

for name in COMMANDS
    complete -c $name -e
    complete -c $name -f -a '(__kubectl_ns_tools)'
end
