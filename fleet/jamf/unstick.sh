#!/bin/sh
# A Jamf script: unstick for the person who sits at this Mac. docs/fleet.md
# Jamf gives $1 mount point, $2 name of the computer, $3 user who signs in; the rest are the parameters of the policy:
#   $4 site, a host name or an address (needed)
#   $5 command: why or fix (fix)
#   $6 kinds of data for fix, like cookies,cache (the default kinds)
#   $7 yes: ask a browser that has a profile open to quit (no)
#   $8 ask the site, too: http or none (http)
# Ends with 0 if nothing is left to do: done, nothing of the site is there, or `why` has found what it names. Else with
# the exit code of unstick, and Jamf shows the policy as failed. What unstick says is in the policy's log; the whole
# report is appended to ~/Library/Logs/unstick.log as JSON.
set -u
PATH=$PATH:/usr/local/bin:/opt/homebrew/bin  # Jamf looks in neither

site=${4:-}
command=${5:-fix}
kinds=${6:-}
close=${7:-no}
retest=${8:-http}

refuse() {
    echo "unstick: $1"
    exit 2
}
case $site in "" | -*) refuse "parameter 4 has to be a site" ;; esac
case $command in why | fix) ;; *) refuse "parameter 5 has to be why or fix" ;; esac
case $close in yes | no) ;; *) refuse "parameter 7 has to be yes or no" ;; esac
command -v unstick >/dev/null || refuse "the program unstick is not installed"

person=$(stat -f %Su /dev/console)
case $person in
    "" | root | loginwindow | _mbsetupuser)
        echo "unstick: nobody is signed in; nothing was done"
        exit 0
        ;;
esac
home=$(dscl . -read "/Users/$person" NFSHomeDirectory) || refuse "$person has no home folder"
home=/${home#*/}  # what has a space stands on a line of its own

set -- "$command" "$site" --no-color --retest "$retest" --log "$home/Library/Logs/unstick.log"
if [ "$command" = fix ]; then
    set -- "$@" --yes
    [ -z "$kinds" ] || set -- "$@" --only "$kinds"
    [ "$close" = no ] || set -- "$@" --close
fi
# In the person's session and with that person's rights: the profile is theirs, and so is the browser that may have to quit.
launchctl asuser "$(id -u "$person")" sudo -H -u "$person" "$(command -v unstick)" "$@"
code=$?
echo "unstick: exit code $code"
case $code in
    0 | 9 | 10) exit 0 ;;
    *) exit "$code" ;;
esac
