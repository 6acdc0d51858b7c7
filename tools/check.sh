# shellcheck shell=bash
# Formatting, lint and house rules. Sourced by ./dev.

baseline=proto/baseline.binpb

# Installs the tools that tools/package-lock.json names, exactly those.
need_tools() {
  need_packages check
  [[ tools/node_modules/.package-lock.json -nt tools/package-lock.json ]] && return
  quietly "installing buf, which lints the API (tools/package-lock.json)" \
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix tools
  if [[ ! -x $(buf_program) ]]; then
    # npm counts a processor's buf as optional, so it goes on when it could not fetch it.
    rm -rf tools/node_modules
    echo "npm could not fetch buf. 'npm ping' says whether its registry can be reached." >&2
    exit 1
  fi
  touch tools/node_modules/.package-lock.json
}

# Prints where the buf for this machine's processor is; npm installs that one alone.
buf_program() {
  echo tools/node_modules/@bufbuild/buf-linux-*/bin/buf
}

buf() {
  "$(buf_program)" "$@"
}

# Prints the C++ files that git knows or would take.
cpp_files() {
  git ls-files --cached --others --exclude-standard '*.cc' '*.h'
}

# Prints the .cc files that differ from the branch they left, or from the last commit but one.
changed_sources() {
  local base
  base=$(git merge-base HEAD origin/HEAD 2>/dev/null || git rev-parse HEAD~1)
  {
    git diff --name-only --diff-filter=d "$base" -- '*.cc'
    git ls-files --others --exclude-standard '*.cc'
  } | sort -u
}

# Prints each file that is not as clang-format would have it.
check_cpp_format() {
  local wrong
  wrong=$(cpp_files | xargs -r clang-format --dry-run -Werror 2>&1 |
    sed -n 's/^\([^: ]*\):[0-9:]* error:.*/\1/p' | sort -u)
  echo "$wrong"
  [[ -z $wrong ]]
}

check_proto_format() {
  buf format --diff --exit-code
}

check_api_lint() {
  buf lint
}

check_api_compatible() {
  buf breaking --against "$baseline"
}

check_house_rules() {
  build dev tidy_test >/dev/null
  "$(find_program dev tidy_test)" --gtest_brief=1
}

check_scripts() {
  shellcheck -x dev tools/*.sh .ci/run
}

check_clang_tidy() {
  configure dev
  # Generated headers must be there; what clang does not know of g++'s options is no news.
  build dev turnabout_messages turnabout_grpc >/dev/null
  changed_sources | xargs -r -n 1 -P "$(nproc)" clang-tidy -p build/dev --quiet --warnings-as-errors='*' \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-unused-command-line-argument
}

# step NAME REMEDY FUNCTION: runs one check, says how it went and, if badly, what to do; counts failures in `broken`.
step() {
  local name=$1 remedy=$2 output
  shift 2
  [[ ! -t 1 ]] || printf '...   %s\r' "$name"
  if output=$("$@" 2>&1); then
    echo "ok    $name"
  else
    [[ ! -t 1 ]] || printf '\033[K'
    echo "$output"
    echo "FAIL  $name: $remedy"
    broken=$((broken + 1))
  fi
}

accept_api() {
  buf build --exclude-source-info -o "$baseline"
  echo "$baseline now holds today's API; commit it with the reason."
}

verb_check() {
  local broken=0
  case "${1-}" in
    "" | --tidy | --accept-api) ;;
    *) bad_argument check "$1" ;;
  esac
  need_tools
  if [[ ${1-} == --accept-api ]]; then
    accept_api
    return
  fi
  step "C++ is formatted" "run ./dev fmt" check_cpp_format
  step ".proto files are formatted" "run ./dev fmt" check_proto_format
  step "the API keeps its style" "mend what buf names above" check_api_lint
  step "the API stays compatible" "mend it, or after a decision run ./dev check --accept-api" check_api_compatible
  step "shell scripts" "mend what shellcheck names above" check_scripts
  step "house rules" "each line above says what to do instead" check_house_rules
  if [[ ${1-} == --tidy ]]; then
    step "clang-tidy on changed files" "mend what it names above" check_clang_tidy
  fi
  [[ $broken == 0 ]]
}

verb_fmt() {
  need_tools
  cpp_files | xargs -r clang-format -i
  buf format -w
}
