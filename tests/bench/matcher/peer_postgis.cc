#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "tests/bench/common/postgres_cluster.h"
#include "tests/bench/matcher/candidate_peers.h"

namespace turnabout::bench {
namespace {

// Those who cannot give are not there, in PostGIS's favour: neither are they ours to find.
constexpr char kTable[] = R"sql(
CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE giver (
  id int NOT NULL,
  place geometry(Point, 27700) NOT NULL,
  reach int NOT NULL,
  languages bigint NOT NULL,
  slots int NOT NULL,
  home bigint NOT NULL,
  ward bigint NOT NULL,
  gender int NOT NULL,
  wanted int NOT NULL
);
CREATE UNLOGGED TABLE raw (id int, longitude int, latitude int, reach int, languages bigint, slots int, home bigint,
  ward bigint, gender int, wanted int);
)sql";

// Laid out by place, so that neighbours share pages.
constexpr char kFill[] = R"sql(
INSERT INTO giver SELECT id, p, reach, languages, slots, home, ward, gender, wanted FROM (
  SELECT *, ST_Transform(ST_SetSRID(ST_MakePoint(longitude / 1e6, latitude / 1e6), 4326), 27700) AS p FROM raw) AS q
  ORDER BY p;
CREATE INDEX giver_place ON giver USING gist (place);
)sql";

constexpr char kPrepare[] = R"sql(
PREPARE nearest (int, float8, float8, int, bigint, int, bigint, bigint, int, int) AS
WITH here AS MATERIALIZED (SELECT ST_Transform(ST_SetSRID(ST_MakePoint($2, $3), 4326), 27700) AS p)
SELECT id FROM giver WHERE id <> $1
  AND ST_DWithin(place, (SELECT p FROM here), $4)
  AND place <-> (SELECT p FROM here) <= reach
  AND (languages & $5) <> 0 AND (slots & $6) <> 0
  AND ((home & $7) | (ward & $8)) <> 0
  AND (wanted = 0 OR (wanted >> $9) & 1 = 1) AND ($10 = 0 OR ($10 >> gender) & 1 = 1)
ORDER BY place <-> (SELECT p FROM here) LIMIT 20
)sql";

class Postgis final : public CandidatePeer {
 public:
  Postgis(const World& world, const std::string& folder) : world_(world), cluster_(folder) {}

  absl::Status Open() {
    RETURN_IF_ERROR(cluster_.Start());
    const Connection connection = cluster_.Connect();
    if (NumberOf(connection.get(), "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'") == 0) {
      return absl::UnavailableError("PostGIS is not installed (Debian's postgresql-15-postgis-3)");
    }
    Execute(connection.get(), "SET client_min_messages = warning");
    Execute(connection.get(), kTable);
    Copy(connection.get());
    Execute(connection.get(), kFill);
    Execute(connection.get(), "VACUUM ANALYZE giver");
    for (Connection& client : clients_) {
      client = cluster_.Connect();
      Execute(client.get(), "SET jit = off");
      Execute(client.get(), kPrepare);
    }
    return absl::OkStatus();
  }

  std::vector<int32_t> Nearest(int32_t receiver, int thread) override {
    const Traits& traits = world_.instance().receiver_traits[receiver];
    // Nobody has more reach than the scheme's furthest, so whoever is as near as DistanceMetres says is within a metre.
    const std::string sql = absl::StrCat(
        "EXECUTE nearest(", world_.instance().receivers[receiver].giver, ",", traits.place.longitude_e6 * 1e-6, ",",
        traits.place.latitude_e6 * 1e-6, ",", traits.reach_metres, ",", static_cast<int64_t>(traits.languages), ",",
        traits.slots, ",", static_cast<int64_t>(traits.needs[0]), ",", static_cast<int64_t>(traits.needs[1]), ",",
        static_cast<int>(traits.gender), ",", static_cast<int>(traits.wanted_genders), ")");
    const Result result = Execute(clients_[thread].get(), sql);
    std::vector<int32_t> givers(::PQntuples(result.get()));
    for (int i = 0; i < static_cast<int>(givers.size()); ++i) {
      TURNABOUT_CHECK(absl::SimpleAtoi(::PQgetvalue(result.get(), i, 0), &givers[i]));
    }
    return givers;
  }

  std::string Version() override {
    const Connection connection = cluster_.Connect();
    const Result result = Execute(connection.get(), "SELECT postgis_lib_version()");
    return absl::StrCat("PostgreSQL ", cluster_.Version(), ", PostGIS ", ::PQgetvalue(result.get(), 0, 0));
  }

 private:
  void Copy(PGconn* connection) const {
    Execute(connection, "COPY raw FROM STDIN");
    std::string lines;
    const auto send = [&] {
      TURNABOUT_CHECK(::PQputCopyData(connection, lines.data(), static_cast<int>(lines.size())) == 1);
      lines.clear();
    };
    const std::vector<Traits>& givers = world_.instance().giver_traits;
    for (size_t u = 0; u < givers.size(); ++u) {
      const Traits& giver = givers[u];
      if (!giver.checked || !giver.stage_allows || !giver.has_place) continue;
      absl::StrAppend(&lines, u, "\t", giver.place.longitude_e6, "\t", giver.place.latitude_e6, "\t",
                      giver.reach_metres, "\t", static_cast<int64_t>(giver.languages), "\t", giver.slots, "\t",
                      static_cast<int64_t>(giver.offers[0]), "\t", static_cast<int64_t>(giver.offers[1]), "\t",
                      static_cast<int>(giver.gender), "\t");
      absl::StrAppend(&lines, static_cast<int>(giver.wanted_genders), "\n");
      if (lines.size() > 1'000'000) send();
    }
    send();
    TURNABOUT_CHECK(::PQputCopyEnd(connection, nullptr) == 1);
    Expect(connection, ::PQgetResult(connection));
    while (PGresult* rest = ::PQgetResult(connection)) ::PQclear(rest);
  }

  const World& world_;
  PostgresCluster cluster_;
  Connection clients_[2];
};

}  // namespace

absl::StatusOr<std::unique_ptr<CandidatePeer>> StartPostgis(const World& world, const std::string& folder) {
  auto peer = std::make_unique<Postgis>(world, folder);
  RETURN_IF_ERROR(peer->Open());
  return peer;
}

}  // namespace turnabout::bench
