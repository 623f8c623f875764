#!/bin/sh
# A Jamf extension attribute (data type: string): is the login of the person at this Mac stuck on SITE? docs/fleet.md
# Jamf gives an extension attribute no parameters: write the site here.
SITE=intranet.example
set -u
PATH=$PATH:/usr/local/bin:/opt/homebrew/bin  # Jamf looks in neither

answer() {
    echo "<result>$1</result>"
    exit 0
}
command -v unstick >/dev/null || answer "not installed"
person=$(stat -f %Su /dev/console)
case $person in "" | root | loginwindow | _mbsetupuser) answer "nobody signed in" ;; esac

# Inventory runs often: it only looks, and leaves the site alone.
launchctl asuser "$(id -u "$person")" sudo -H -u "$person" "$(command -v unstick)" why "$SITE" --quiet --retest none \
    >/dev/null 2>&1
code=$?
case $code in
    0 | 9) answer "nothing wrong" ;;
    10) answer "needs fix" ;;
    3) answer "could not look everywhere" ;;
    *) answer "not known (exit code $code)" ;;
esac
