# shellcheck shell=bash
# Runs the tests and counts them. Sourced by ./dev.

# Prints "PROGRAM/SUITE.TEST" for each test case of the program $1 in the preset $2.
list_cases() {
  local program
  program=$(find_program "$2" "$1")
  [[ -n $program ]] || return 0
  "$program" --gtest_list_tests 2>/dev/null | awk -v program="$1" '
    /^[^ ].*\.( |$)/ { suite = $1; next }
    /^  [^ ]/ { print program "/" suite $1 }'
}

# Prints every test program of the preset $1.
list_programs() {
  ctest --test-dir "build/$1" -N | sed -n 's/^ *Test *#[0-9]*: //p'
}

# Reads "PROGRAM/SUITE.TEST" lines, all of them from $1 and the chosen ones from stdin, and prints what GoogleTest calls
# a filter for the chosen: SUITE.* where a whole suite is, so that it stays short.
filter_of() {
  awk '
    { name = substr($0, index($0, "/") + 1); suite = name; sub(/[.].*/, "", suite) }
    FNR == NR { all[suite]++; next }
    { chosen[suite]++; names[suite] = names[suite] name ":" }
    END { for (suite in chosen) printf "%s", chosen[suite] == all[suite] ? suite ".*:" : names[suite] }' <(echo "$1") -
}

# Narrows the run to the cases whose "PROGRAM/SUITE.TEST" matches the regular expression $2: sets `only`, arguments for
# ctest, and GTEST_FILTER. A test that is not a GoogleTest program is chosen by its name.
choose_cases() {
  local preset=$1 regex=$2 program cases all="" chosen="" programs=()
  for program in $(list_programs "$preset"); do
    cases=$(list_cases "$program" "$preset")
    all+=$cases$'\n'
    cases=$(grep -E -- "$regex" <<< "${cases:-$program}" || true)
    [[ -n $cases ]] || continue
    programs+=("$program")
    [[ $cases == "$program" ]] || chosen+=$cases$'\n'
  done
  if [[ ${#programs[@]} == 0 ]]; then
    echo "No test matches '$regex'." >&2
    echo "0 passed, 0 failed"
    exit 1
  fi
  only=(-R "^($(IFS='|' && echo "${programs[*]}"))\$")
  GTEST_FILTER=$(echo -n "$chosen" | filter_of "$all")
  export GTEST_FILTER
}

# Prints "PASSED FAILED SKIPPED" for the run whose reports are in $1. A program that left no report counts as one test,
# and one that failed although its cases passed (a leak found at exit, say) as one failure more.
count_cases() {
  local reports=$1 name status passed=0 failed=0 skipped=0 report tests bad idle
  while read -r name status; do
    report=$reports/$name.xml
    read -r tests bad idle <<< "0 0 0"
    if [[ -s $report ]]; then
      read -r tests bad idle <<< "$(count_report "$report")"
    elif [[ $status == run ]]; then
      tests=1
    elif [[ $status == disabled || $status == notrun ]]; then
      read -r tests idle <<< "1 1"
    fi
    if [[ $status == fail && $bad == 0 ]]; then
      tests=$((tests + 1))
      bad=1
    fi
    passed=$((passed + tests - bad - idle))
    failed=$((failed + bad))
    skipped=$((skipped + idle))
  done <<< "$(sed -n 's/.*<testcase name="\([^"]*\)".* status="\([a-z]*\)".*/\1 \2/p' "$reports/ctest.xml")"
  echo "$passed $failed $skipped"
}

# Prints "TESTS FAILED SKIPPED" of one GoogleTest report.
count_report() {
  awk '
    function number(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
    /<testsuites / { tests = number("tests"); bad = number("failures") + number("errors"); idle = number("disabled") }
    /<testsuite / { idle += number("skipped") }
    END { print tests + 0, bad + 0, idle + 0 }' "$1"
}

# What the sanitizers should make of what they see.
set_sanitizers() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
  # Debian's own libraries are not instrumented, so what happens inside them is no news.
  export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1
}

# run_tests PRESET CTEST-ARGUMENTS...: runs them and ends with the count.
run_tests() {
  local preset=$1 reports=$PWD/build/$1/reports outcome=0 passed failed skipped
  shift
  rm -rf "$reports"
  mkdir -p "$reports"
  [[ -t 1 ]] && set -- --progress "$@"
  GTEST_OUTPUT=xml:$reports/ ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --timeout 900 \
    --parallel "$(nproc)" --output-junit "$reports/ctest.xml" "$@" || outcome=$?
  read -r passed failed skipped <<< "$(count_cases "$reports")"
  if [[ $failed == 0 && $outcome != 0 ]]; then
    echo "No test ran, or ctest itself failed (its status is $outcome)." >&2
  fi
  if [[ $skipped == 0 ]]; then
    echo "$passed passed, $failed failed"
  else
    echo "$passed passed, $failed failed, $skipped skipped"
  fi
  [[ $outcome == 0 && $failed == 0 && $passed -gt 0 ]]
}

verb_test() {
  local preset=dev filter="" only=() long=(-LE '^full$')
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --full)
        long=()
        export TURNABOUT_FULL=1
        ;;
      --filter)
        filter=${2-}
        [[ -n $filter ]] || bad_argument "test --filter" ""
        shift
        ;;
      --preset)
        preset=${2-}
        [[ $preset =~ ^(dev|asan|tsan)$ ]] || bad_argument "test --preset" "$preset"
        shift
        ;;
      *) bad_argument test "$1" ;;
    esac
    shift
  done
  build "$preset" all
  set_sanitizers
  if [[ -n $filter ]]; then
    choose_cases "$preset" "$filter"
  fi
  run_tests "$preset" "${long[@]}" "${only[@]}"
}
