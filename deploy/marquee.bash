# Completion of marquee's command line for bash.
_marquee() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    if [ "$before" = --config ] || { [ "${COMP_WORDS[1]}" = check-config ] && [[ $word != -* ]] && [ "$COMP_CWORD" = 2 ]; }; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    elif [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'serve get pages sign purge health check-config --version --help' -- "$word")
    elif [ "${COMP_WORDS[1]}" = check-config ]; then
        mapfile -t COMPREPLY < <(compgen -W '--sample --help' -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W '--config --out --days --help' -- "$word")
    fi
}
complete -o filenames -F _marquee marquee
