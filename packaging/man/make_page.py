#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_page.py PROGRAM > lapidary-cli.1: the manual page of the command line, from what its --help says."""
import re
import subprocess
import sys

HEAD = r""".\" Made by make_page.py from what --help says.
.TH LAPIDARY\-CLI 1 "" "Lapidary" "User Commands"
.SH NAME
lapidary\-cli \- make neural networks smaller and measure what it costs, from a shell
.SH SYNOPSIS
.B lapidary\-cli
.I COMMAND
[\fIARGUMENTS\fR] [\fIOPTIONS\fR]
.br
.B lapidary\-cli
.RB [ \-\-help | \-\-version ]
.SH DESCRIPTION
.B lapidary\-cli
does what the window of
.BR lapidary (1)
does, for scripts and for machines without a screen: it cuts trained neural networks (pruning, quantization, removal of
channels and heads, low rank), measures what the cut costs on data, explains answers, searches for the smallest cut,
trains what is left, and audits model files.
.PP
Standard output holds the result alone: tables for people, or with
.B \-\-json
exactly one JSON object.
Standard error holds warnings, how samples became inputs, on a terminal progress, and of an error one line.
Files are written beside their target and renamed over it once they are whole; what a command reads it never writes over.
.PP
A value named
.I FILE
is a file,
.I FOLDER
a folder, and
.I DATA
samples: an npz file with x and y,
.IR IMAGES : LABELS
(IDX), a folder of class folders of pictures or sounds, or a CSV of file,label.
.SH OPTIONS
.TP
.BR \-h ", " \-\-help
Print the commands, or behind a command its options, and exit.
.TP
.B \-\-version
Print version, commit and the versions of the libraries in use, and exit.
.SH COMMANDS
"""

TAIL = r""".SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 2
Wrong usage: an unknown command or option, options that do not go together, a value out of range.
.TP
.B 3
Unreadable input: a file that is missing, broken, or holds what the program cannot do.
.TP
.B 4
An output could not be written, or what was written did not read back as it was measured.
.TP
.B 5
A rank was lost, with \-\-distributed: the figures so far were printed.
.TP
.B 6
.B audit
found something of the severity of \-\-fail\-on or above, or, without \-\-allow\-unknown, a file of which nothing is
known.
.TP
.B 7
.B search
found no cut that keeps within what was asked for; nothing was written.
.SH FILES
.TP
.I MODEL.preprocess.json
Beside a model: how pictures or sounds become its input.
.TP
.I OUT.journal
Beside what
.B search
writes: all measurements, from which the same command goes on.
.SH SEE ALSO
.BR lapidary (1)
"""

# How CLI11 writes types and bounds: "UINT:UINT in [1 - 1024]=64".
TYPES = {"UINT": "N", "INT": "N", "FLOAT": "X", "TEXT": "WORD", "BOOLEAN": ""}


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def said(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def entries(help_text, title):
    """The (head, description) pairs below a title."""
    found = []
    part = re.search(r"^%s:\n(.*?)(?:\n\n|\Z)" % title, help_text, re.M | re.S)
    for line in part[1].split("\n") if part else []:
        head = re.match(r"  (\S.*?)(?:  +(.*))?$", line)
        if head:
            found.append([head[1], head[2] or ""])
        else:
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return found


def option(head, description):
    """A tagged paragraph of one option."""
    names, _, rest = head.partition(" ")
    required = rest.endswith("REQUIRED")
    rest = rest.removesuffix("REQUIRED").removesuffix("...").strip(" ")
    kind, _, rest = rest.partition(":")
    kind, _, default = kind.partition("=")
    bounds, _, after = rest.partition("=")
    default = default or after
    tag = ", ".join("\\fB" + roff(name) + "\\fR" for name in names.split(","))
    value = TYPES.get(kind.split(" ")[0], kind.split(" ")[0])
    tail = []
    if required:
        tail.append("Required.")
    choices = re.search(r"\{(.*)\}", bounds)
    limits = re.search(r"in \[(.*) - (.*)\]", bounds)
    if choices:
        tail.append("One of: " + choices[1].replace(",", ", ") + ".")
    elif limits:
        tail.append("From %s to %s." % limits.groups())
    if default:
        tail.append("Default: " + default.strip("[]").replace(",", ", ") + ".")
    text = description.rstrip(".") + "." + "".join(" " + each for each in tail)
    shown = " \\fI" + roff(value) + "\\fR" if value and value != names else ""
    return ".TP\n%s%s\n%s\n" % (tag, shown, roff(text))


def command(program, name, description):
    text = said(program, name, "--help")
    usage = re.search(r"Usage: \S+ (\S+)(.*)", text)
    parts = [".SS %s\n%s.\n" % (name, roff(description))]
    parts.append(".PP\n.B lapidary\\-cli %s\n%s\n" % (name, roff(usage[2].strip())))
    parts += [option(*entry) for entry in entries(text, "Positionals") + entries(text, "Options")]
    examples = re.search(r"^Examples?:\n(.*)\Z", text, re.M | re.S)
    if examples:
        lines = [roff(line.strip()) for line in examples[1].rstrip().split("\n")]
        parts.append(".PP\nFor instance:\n.PP\n.nf\n%s\n.fi\n" % "\n".join(lines))
    return "".join(parts)


def main():
    program = sys.argv[1]
    text = HEAD
    for name, description in entries(said(program, "--help"), "Subcommands"):
        text += command(program, name, description)
    sys.stdout.write(text + TAIL)


if __name__ == "__main__":
    main()
