# shellcheck shell=bash
# Installs what is missing from Debian, and says what and why. Sourced by ./dev.

# quietly LABEL COMMAND...: runs it without its output, which is shown only if it fails. On a terminal the seconds that
# have passed are counted after LABEL.
quietly() {
  local label=$1 log status=0 ticker=""
  shift
  log=$(mktemp)
  if [[ -t 1 ]]; then
    count_seconds "$label" &
    ticker=$!
  else
    echo "$label"
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ -n $ticker ]]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    printf '\r\033[K'
  fi
  [[ $status == 0 ]] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

# Counts after $1 on one line until it is killed or ./dev is gone.
count_seconds() {
  local start=$SECONDS
  while kill -0 $$ 2>/dev/null; do
    printf '\r%s, %d s' "$1" $((SECONDS - start))
    sleep 1
  done
}

# Prints the packages for the need $1 that are not installed, one a line. A package is not missing when the command in
# its "instead" column is there, whoever supplied it.
missing_packages() {
  local need package instead _
  while read -r need package instead _; do
    [[ $need == "$1" ]] || continue
    [[ $instead != - ]] && command -v "$instead" >/dev/null && continue
    [[ $(dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null) == *installed* ]] || echo "$package"
  done < tools/packages.txt
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

# Installs the packages, and reads Debian's list again first if the one that is here does not lead to them.
install_packages() {
  if as_root apt-get install -s --no-install-recommends "$@" && apt_install "$@"; then
    return
  fi
  as_root apt-get update -qq && apt_install "$@"
}

# Says what each package in the rest of the arguments is for.
explain_packages() {
  local package
  for package in "$@"; do
    awk -v package="$package" \
      '$2 == package { printf "  %-24s", $2; for (i = 4; i <= NF; i++) printf " %s", $i; print "" }' tools/packages.txt
  done
}

# Returns when every package for the need $1 is installed.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian: tools/packages.txt says what ./dev needs; going on with what is here." >&2
    return
  fi
  local missing
  mapfile -t missing <<< "$(missing_packages "$1")"
  [[ -n ${missing[0]} ]] || return 0
  echo "Installing ${#missing[@]} Debian packages:"
  explain_packages "${missing[@]}"
  if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
    echo "Neither root nor sudo. Ask someone who is to run:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root true  # asks for a password, if one is needed, before the line that counts seconds
  if ! quietly "installing" install_packages "${missing[@]}"; then
    echo "Debian could not install them; its own words are above." >&2
    exit 1
  fi
}

# Debian's PostgreSQL package makes a cluster called `main` and starts it as a service when it is first installed. This
# file keeps it from that; it is there only while the package is being installed, so that whoever wants such a cluster
# later gets one as ever. Our benchmarks start their own PostgreSQL in their own folder, and stop it.
no_main_cluster=/etc/postgresql-common/createcluster.d/turnabout-bench.conf

forbid_main_cluster() {
  as_root mkdir -p "${no_main_cluster%/*}"
  as_root tee "$no_main_cluster" <<< "create_main_cluster = false" >/dev/null
}

allow_main_cluster() {
  as_root rm -f "$no_main_cluster"
}

# Installs what benchmarks are run against, if it can. What cannot be installed is not measured, which the benchmark
# says.
want_peers() {
  local missing
  command -v dpkg-query >/dev/null || return 0
  mapfile -t missing <<< "$(missing_packages bench)"
  [[ -n ${missing[0]} ]] || return 0
  forbid_main_cluster
  (need_packages bench) || echo "Going on without: ${missing[*]}" >&2
  allow_main_cluster
  # What was not found when a tree was configured is looked for again.
  rm -f build/release/build.ninja
}
