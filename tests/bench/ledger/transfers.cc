#include "tests/bench/ledger/transfers.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace turnabout::bench {
namespace {

constexpr double kZipfExponent = 0.99;

// The share of all picks that fall on the first k + 1 accounts.
std::vector<double> ZipfShares() {
  std::vector<double> shares(kAccounts);
  double sum = 0;
  for (int k = 0; k < kAccounts; ++k) shares[k] = sum += std::pow(k + 1, -kZipfExponent);
  for (double& share : shares) share /= sum;
  return shares;
}

int PickZipf(Random& random) {
  static const auto* shares = new std::vector<double>(ZipfShares());
  const double at = static_cast<double>(random.Next() >> 11) * 0x1p-53;
  return static_cast<int>(std::upper_bound(shares->begin(), shares->end() - 1, at) - shares->begin());
}

}  // namespace

const char* NameOf(Spread spread) {
  switch (spread) {
    case Spread::kUniform:
      return "uniform";
    case Spread::kZipf:
      return "zipf";
    case Spread::kHot:
      return "hot";
  }
  return "";
}

int Transfers::Pick() {
  return spread_ == Spread::kZipf ? PickZipf(random_) : static_cast<int>(random_.Below(kAccounts));
}

Transfer Transfers::Next() {
  Transfer transfer;
  transfer.to = spread_ == Spread::kHot ? 0 : Pick();
  do {
    transfer.from = Pick();
  } while (transfer.from == transfer.to);
  const uint64_t halves[] = {random_.Next(), random_.Next()};
  std::memcpy(transfer.request_id.data(), halves, sizeof(halves));
  return transfer;
}

std::string RequestIdText(const std::array<uint8_t, 16>& id) {
  return absl::BytesToHexString({reinterpret_cast<const char*>(id.data()), id.size()});
}

Seed NextSeed() {
  static std::atomic<uint64_t> next{0};
  return Seed{Mix(++next, 0)};
}

}  // namespace turnabout::bench
