#!/usr/bin/env bash
# Tests ./dev itself: what it answers without building anything, and how it counts tests.
set -euo pipefail
source tools/setup.sh
source tools/build.sh
source tools/test.sh

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# is NAME EXPECTED ACTUAL
is() {
  [[ $2 == "$3" ]] && return
  printf '%s:\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

# Prints the exit status of ./dev with the arguments and what it says, as one line.
dev() {
  local said status=0
  said=$(./dev "$@" 2>&1) || status=$?
  echo "$status ${said//$'\n'/ }"
}

is "alone it succeeds" "0 usage: ./dev VERB [ARGUMENTS]" "$(dev | cut -c1-31)"
for verb in build test demo run bench check fmt; do
  is "it lists $verb" yes "$(./dev | grep -qE "^  $verb( |$)" && echo yes)"
done
is "a slip is met with a suggestion" \
  "2 ./dev has no verb 'tset'. Did you mean ./dev test? ./dev alone lists them." "$(dev tset)"
is "anything else is not" "2 ./dev has no verb 'xyz'. ./dev alone lists them." "$(dev xyz)"
is "a wrong preset" 2 "$(dev test --preset fast | cut -c1)"
is "a filter that is missing" 2 "$(dev test --filter | cut -c1)"

# report NAME TESTS FAILURES DISABLED SKIPPED: a GoogleTest report.
report() {
  cat > "$folder/$1.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="$2" failures="$3" disabled="$4" errors="0" time="0.1" name="AllTests">
  <testsuite name="A" tests="$2" failures="$3" disabled="$4" skipped="$5" errors="0" time="0.1">
  </testsuite>
</testsuites>
XML
}

# ran NAME STATUS...: ctest's own report of what ran.
ran() {
  while [[ $# -gt 0 ]]; do
    echo "<testcase name=\"$1\" classname=\"$1\" time=\"0.1\" status=\"$2\">"
    shift 2
  done > "$folder/ctest.xml"
}

report good 5 0 1 1
report bad 4 2 0 0
report leaks 3 0 0 0
ran good run
is "cases are added up, the idle ones apart" "3 0 2" "$(count_cases "$folder")"
ran good run bad fail
is "failed cases" "5 2 2" "$(count_cases "$folder")"
ran leaks fail
is "a program that failed although its cases passed" "3 1 0" "$(count_cases "$folder")"
ran crashed fail
is "a program that left no report" "0 1 0" "$(count_cases "$folder")"
ran plain run
is "a test that is no GoogleTest program" "1 0 0" "$(count_cases "$folder")"
ran plain disabled
is "a test that did not run" "0 0 1" "$(count_cases "$folder")"
: > "$folder/ctest.xml"
is "nothing at all" "0 0 0" "$(count_cases "$folder")"

all=$'p/A.One\np/A.Two\nq/B.One\nq/All/C.Is/0\nq/All/C.Is/1'
is "a whole suite is short" "A.*:" "$(printf 'p/A.One\np/A.Two\n' | filter_of "$all")"
is "part of a suite" "A.Two:" "$(printf 'p/A.Two\n' | filter_of "$all")"
is "a case with parameters" "All/C.Is/1:" "$(printf 'q/All/C.Is/1\n' | filter_of "$all")"

[[ $failures == 0 ]]
