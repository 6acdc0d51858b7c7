# shellcheck shell=bash
# Configures and builds. Sourced by ./dev.

# A compiler cache that gives the same answer wherever the tree lies.
cache_compiles() {
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
}

# Configures the preset $1 unless that is done already.
configure() {
  need_packages build
  if [[ $1 == fuzz ]]; then
    need_packages fuzz
  fi
  cache_compiles
  if [[ build/$1/build.ninja -nt CMakePresets.json ]]; then
    return
  fi
  quietly "configuring build/$1" cmake --preset "$1"
}

# build PRESET TARGET...
build() {
  local preset=$1
  shift
  configure "$preset"
  # One build at a time in a folder. Each step says "[12/240 34s]", on a terminal on one moving line.
  NINJA_STATUS="[%f/%t %es] " flock "build/$preset/.lock" cmake --build "build/$preset" --target "$@"
}

# build_programs PRESET NAME...: builds programs, or says that there is none of that name.
build_programs() {
  local preset=$1 name
  shift
  configure "$preset"
  for name in "$@"; do
    if ! ninja -C "build/$preset" -t query "$name" >/dev/null 2>&1; then
      echo "There is no program called $name in this tree." >&2
      exit 2
    fi
  done
  build "$preset" "$@"
}

# Prints where the preset $1 keeps the program $2.
find_program() {
  find "build/$1" -type f -executable -name "$2" -print -quit
}

list_benches() {
  configure dev
  echo "Benchmarks:"
  ninja -C build/dev -t targets all | sed -n 's/^bench_\([^:]*\): phony$/  \1/p' | sort
}
