#!/bin/sh
# measure.sh LEVEL UNROLL FAST_MATH NATIVE STATIC: one trial. Compiles bodies.cpp, runs it three times, and weighs the program.
set -eu
flags="-std=c++20 -$1"
[ "$2" = true ] && flags="$flags -funroll-loops"
[ "$3" = true ] && flags="$flags -ffast-math"
[ "$4" = true ] && flags="$flags -march=native"
[ "$5" = true ] && flags="$flags -static"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2086  # flags are words
"${CXX:-g++}" $flags -s bodies.cpp -o "$folder/bodies"
for run in 1 2 3; do "$folder/bodies"; done | sort -n | head -n 1 >"$folder/best"
read -r milliseconds potential <"$folder/best"
echo "potential $potential with $flags" >&2
echo "{\"milliseconds\": $milliseconds, \"bytes\": $(wc -c <"$folder/bodies")}"
