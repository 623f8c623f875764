#!/bin/sh
# For a double click in the Finder: opens a Terminal window with the program that lies beside this file.
cd "$(dirname "$0")" || exit 1
program=./unstick
[ -x "$program" ] || program=./bin/unstick
"$program"
printf '\nPress Enter to close this window. '
read -r _
