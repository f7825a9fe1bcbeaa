#!/bin/sh
# compress.sh TOOL LEVEL EXTREME: one trial. Compresses what is in $CORPUS; the last line of stdout is the outcome.
set -eu
option="-$2"
[ "$3" = true ] && option="${option}e"
begin=$(date +%s%N)
bytes=$(cat "$CORPUS"/* | "$1" "$option" -c | wc -c)
end=$(date +%s%N)
echo "{\"bytes\": $bytes, \"milliseconds\": $(((end - begin) / 1000000 + 1))}"
