/* Manual pages and shell completions, from the tables that --help is made of. */
#include "batch/batch_private.h"

#include <string.h>

static const struct place no_place = {0};

/* ---- man ---- */

/* roff: what begins a line with a dot or an apostrophe, backslashes and hyphens. */
static void roff_text(struct text *out, const char *words)
{
    bool line_start = true;
    for (const char *byte = words; *byte != '\0'; ++byte) {
        if (line_start && (*byte == '.' || *byte == '\'')) {
            text_append(out, "\\&");
        }
        if (*byte == '\\') {
            text_append(out, "\\e");
        } else if (*byte == '-') {
            text_append(out, "\\-");
        } else {
            text_append_span(out, byte, 1);
        }
        line_start = *byte == '\n';
    }
}

static void roff_verbatim(struct text *out, const char *words)
{
    text_append(out, ".nf\n");
    roff_text(out, words);
    text_append(out, ".fi\n");
}

static void add_man_option(void *context, const struct option_description *option)
{
    struct text *out = context;
    text_append(out, ".TP\n.B ");
    if (option->letter != 0) {
        text_printf(out, "\\-%c, ", option->letter);
    }
    text_append(out, "\\-\\-");
    roff_text(out, option->name);
    if (option->argument != NULL) {
        text_printf(out, " %s", option->argument);
    }
    text_append(out, "\n");
    roff_text(out, option->help);
    text_append(out, "\n");
}

static void write_man_command(struct text *out, enum command command)
{
    const struct command_row *row = &command_rows()[command];
    text_append(out, ".SS dividend ");
    roff_text(out, row->usage);
    text_append(out, "\n");
    roff_text(out, row->summary);
    text_append(out, ".\n");
    if (row->details[0] != '\0') {
        text_append(out, ".PP\n");
        roff_text(out, row->details);
    }
    roff_verbatim(out, row->examples);
    options_visit(command, add_man_option, out);
}

static void write_man(struct text *out)
{
    text_append(out, ".TH DIVIDEND 1 \"\" \"dividend " DIVIDEND_VERSION "\" \"User Commands\"\n"
                     ".SH NAME\ndividend \\- return on investment of prevention across partner "
                     "sectors\n.SH SYNOPSIS\n.B dividend\n.I COMMAND\n[\\fIOPTION\\fR...]\n"
                     ".SH DESCRIPTION\nWho pays, who gains, when, how much of it is cash, and how "
                     "sure that is: scenarios of prevention programmes are checked, run with Monte "
                     "Carlo uncertainty, and compared across partners.\n.SH COMMANDS\n");
    for (size_t command = 0; command < N_COMMANDS; ++command) {
        write_man_command(out, (enum command)command);
    }
    text_append(out, ".SH EXIT STATUS\n");
    roff_verbatim(out, help_exit_codes());
}

/* ---- completions ---- */

static void add_word(void *context, const struct option_description *option)
{
    text_printf(context, " --%s", option->name);
}

static void write_command_names(struct text *out)
{
    for (size_t command = 0; command < N_COMMANDS; ++command) {
        text_printf(out, "%s%s", command > 0 ? " " : "", command_rows()[command].name);
    }
}

static void write_bash(struct text *out)
{
    text_append(out, "_dividend() {\n    local word=${COMP_WORDS[COMP_CWORD]} command= item\n"
                     "    for item in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                     "        case $item in -*) ;; *) command=$item; break ;; esac\n    done\n"
                     "    local words=\n    case $command in\n    \"\") words=\"");
    write_command_names(out);
    text_append(out, "\" ;;\n");
    for (size_t command = 0; command < N_COMMANDS; ++command) {
        text_printf(out, "    %s) words=\"", command_rows()[command].name);
        options_visit((enum command)command, add_word, out);
        text_append(out, "\" ;;\n");
    }
    text_append(out, "    esac\n    if [[ -z $command || $word == -* ]]; then\n"
                     "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    else\n"
                     "        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}\n"
                     "complete -o filenames -F _dividend dividend\n");
}

/* Words in single quotes of a shell. */
static void shell_text(struct text *out, const char *words, bool fish)
{
    for (const char *byte = words; *byte != '\0'; ++byte) {
        if (*byte == '\'') {
            text_append(out, fish ? "\\'" : "'\\''");
        } else {
            text_append_span(out, byte, 1);
        }
    }
}

struct fish {
    struct text *out;
    const char *command;
};

static void add_fish_option(void *context, const struct option_description *option)
{
    const struct fish *fish = context;
    text_printf(fish->out, "complete -c dividend -n '__fish_seen_subcommand_from %s' -l %s",
                fish->command, option->name);
    if (option->letter != 0) {
        text_printf(fish->out, " -s %c", option->letter);
    }
    text_printf(fish->out, "%s -d '", option->argument != NULL ? " -r" : "");
    shell_text(fish->out, option->help, true);
    text_append(fish->out, "'\n");
}

static void write_fish(struct text *out)
{
    for (size_t command = 0; command < N_COMMANDS; ++command) {
        const struct command_row *row = &command_rows()[command];
        text_printf(out, "complete -c dividend -f -n __fish_use_subcommand -a %s -d '", row->name);
        shell_text(out, row->summary, true);
        text_append(out, "'\n");
        options_visit((enum command)command, add_fish_option,
                      &(struct fish){.out = out, .command = row->name});
    }
}

/* In a description of zsh's _arguments, brackets and colons end it. */
static void zsh_text(struct text *out, const char *words)
{
    for (const char *byte = words; *byte != '\0'; ++byte) {
        text_append(out, strchr("[]:", *byte) != NULL ? "\\" : "");
        shell_text(out, (char[2]){*byte, '\0'}, false);
    }
}

static void add_zsh_option(void *context, const struct option_description *option)
{
    struct text *out = context;
    text_printf(out, " \\\n            '--%s[", option->name);
    zsh_text(out, option->help);
    text_append(out, "]");
    if (option->argument != NULL) {
        text_printf(out, ":%s:_files", option->argument);
    }
    text_append(out, "'");
}

static void write_zsh(struct text *out)
{
    text_append(out, "#compdef dividend\n_dividend() {\n    local -a commands\n    commands=(\n");
    for (size_t command = 0; command < N_COMMANDS; ++command) {
        text_printf(out, "        '%s:", command_rows()[command].name);
        shell_text(out, command_rows()[command].summary, false);
        text_append(out, "'\n");
    }
    text_append(out, "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n"
                     "        return\n    fi\n    case $words[2] in\n");
    for (size_t command = 0; command < N_COMMANDS; ++command) {
        text_printf(out, "    %s)\n        _arguments", command_rows()[command].name);
        options_visit((enum command)command, add_zsh_option, out);
        text_append(out, " \\\n            '*:file:_files'\n        ;;\n");
    }
    text_append(out, "    esac\n}\n_dividend \"$@\"\n");
}

int command_manual(struct session *session)
{
    static const char *const forms[] = {"man", "bash", "zsh", "fish"};
    static void (*const writers[])(struct text * out) = {write_man, write_bash, write_zsh,
                                                         write_fish};

    const struct word_list *words = &session->options.words;
    for (size_t i = 0; words->n_items == 1 && i < 4; ++i) {
        if (strcmp(words->items[0], forms[i]) == 0) {
            writers[i](&session->out);
            return EXIT_DONE;
        }
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                    "manual man, manual bash, manual zsh or manual fish", NULL,
                    words->n_items == 1 ? "`%s` is no form of the manual"
                                        : "`dividend manual` takes one word%.0s",
                    words->n_items == 1 ? words->items[0] : "");
    terminal_print_diagnostics(session, "nothing was written");
    return EXIT_BAD_INPUT;
}
