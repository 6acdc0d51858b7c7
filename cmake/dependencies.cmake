# Everything the project is built on, all from Debian 12's own packages (./dev installs them).
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(lemon CONFIG REQUIRED)
# Through pkg-config: its CMake package also wants its HTTP server, which is not for us (docs/decisions/metrics.md).
find_package(PkgConfig REQUIRED)
pkg_check_modules(PROMETHEUS_CORE REQUIRED IMPORTED_TARGET prometheus-cpp-core)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
