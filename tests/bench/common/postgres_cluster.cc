#include "tests/bench/common/postgres_cluster.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "tests/bench/common/files.h"

namespace turnabout::bench {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin";
constexpr absl::Duration kStartTime = absl::Minutes(1);

// Who runs the cluster: PostgreSQL refuses root.
ProcessOptions UserFor(const std::string& output) {
  ProcessOptions options{.output = output, .when_orphaned = SIGINT};
  if (::geteuid() != 0) return options;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr) user = ::getpwnam("nobody");
  if (user != nullptr) options.user = user->pw_uid, options.group = user->pw_gid;
  return options;
}

}  // namespace

Result Expect(PGconn* connection, PGresult* raw) {
  Result result(raw);
  const ExecStatusType status = ::PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) return result;
  std::fprintf(stderr, "PostgreSQL: %s\n", ::PQerrorMessage(connection));
  std::abort();
}

Result Execute(PGconn* connection, const std::string& sql) {
  return Expect(connection, ::PQexec(connection, sql.c_str()));
}

int64_t NumberOf(PGconn* connection, const std::string& sql) {
  const Result result = Execute(connection, sql);
  int64_t number = -1;
  TURNABOUT_CHECK(absl::SimpleAtoi(::PQgetvalue(result.get(), 0, 0), &number));
  return number;
}

PostgresCluster::PostgresCluster(const std::string& folder)
    : folder_(absl::StrCat(folder, "/postgres")), log_(absl::StrCat(folder_, "/log")) {}

PostgresCluster::~PostgresCluster() {
  if (process_ != nullptr) process_->Stop(SIGINT);  // "fast": ends at once, in order
}

absl::Status PostgresCluster::Start() {
  if (!std::filesystem::exists(absl::StrCat(kPrograms, "/initdb"))) {
    return absl::UnavailableError("PostgreSQL 15 is not installed (Debian's postgresql-15)");
  }
  RETURN_IF_ERROR(Make());
  process_ = std::make_unique<Process>(
      std::vector<std::string>{absl::StrCat(kPrograms, "/postgres"), "-D", absl::StrCat(folder_, "/data"), "-c",
                               "listen_addresses=", "-c", absl::StrCat("unix_socket_directories=", folder_), "-c",
                               "shared_buffers=1GB"},
      UserFor(log_));
  return WaitUntilServed();
}

Connection PostgresCluster::Connect() const {
  return Connection(::PQconnectdb(absl::StrCat("host=", folder_, " user=bench dbname=postgres").c_str()));
}

std::string PostgresCluster::Version() const {
  const Connection connection = Connect();
  const std::string whole = ::PQparameterStatus(connection.get(), "server_version");
  return whole.substr(0, whole.find(' '));
}

absl::Status PostgresCluster::Make() const {
  std::filesystem::create_directory(folder_);
  const ProcessOptions user = UserFor(log_);
  if (user.user != 0 && ::chown(folder_.c_str(), user.user, user.group) != 0) {
    return absl::UnavailableError("a folder for PostgreSQL cannot be given to its user");
  }
  Process initdb({absl::StrCat(kPrograms, "/initdb"), "-D", absl::StrCat(folder_, "/data"), "-U", "bench", "-A",
                  "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
                 user);
  if (initdb.Wait() == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("PostgreSQL's initdb failed:\n", TextOf(log_)));
}

absl::Status PostgresCluster::WaitUntilServed() {
  for (const absl::Time until = absl::Now() + kStartTime; absl::Now() < until;) {
    if (::PQstatus(Connect().get()) == CONNECTION_OK) return absl::OkStatus();
    if (!process_->Alive()) break;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return absl::UnavailableError(absl::StrCat("PostgreSQL did not start:\n", TextOf(log_)));
}

}  // namespace turnabout::bench
