#include "store/audit/audit.h"

#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/audit/summed_shelf.h"
#include "store/journal/damage.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"

namespace turnabout {
namespace {

// A replay over a shelf forgets what never changes whenever it has come through so many records.
constexpr uint64_t kCutRecords = 20'000;

absl::Status Disagree(absl::string_view what) { return Refuse(Reason::kBooksDisagree, {{"problem", what}}); }

class Auditor {
 public:
  Auditor(const Journal& journal, const std::vector<Projection*>& projections, const ReplayProgress& progress,
          const AtHand& at_hand)
      : journal_(journal), progress_(progress), at_hand_(at_hand), all_({&records_, &requests_}) {
    all_.insert(all_.end(), projections.begin(), projections.end());
  }

  absl::StatusOr<Verified> Run() {
    ASSIGN_OR_RETURN(head_, at_hand_.head.has_value() ? *at_hand_.head : journal_.ReadHead());
    UseShelf();
    // The shelf is read while the journal is.
    std::thread at_hand([this] { SumAtHand(); });
    absl::Status replayed = Replay(shelf_);
    at_hand.join();
    if (!replayed.ok() && shelf_ != nullptr) replayed = LookAgainWithoutShelf();
    RETURN_IF_ERROR(replayed);
    RETURN_IF_ERROR(CheckHead());
    RETURN_IF_ERROR(Compare());
    std::vector<Sha256Digest> digests;
    for (size_t i = 0; i < all_.size(); ++i) digests.push_back(DigestOf(all_[i]->tables(), at_end_[i]));
    verified_.digest = CombineDigests(digests);
    return verified_;
  }

 private:
  using Sums = std::vector<std::vector<RowSum>>;  // by projection

  // A shelf of another journal is not compared.
  void UseShelf() {
    const Head reached = at_hand_.shelf == nullptr ? Head{} : at_hand_.shelf->reached();
    if (reached.number == 0) return;
    if (WasHeadOf(reached, journal_, head_)) {
      shelf_ = at_hand_.shelf;
    } else {
      verified_.shelf = Refuse(Reason::kShelfDamaged, {{"problem", "they are of another journal"}});
    }
  }

  // On a thread of its own.
  void SumAtHand() {
    const RowBatch nothing;
    for (size_t i = 0; i < all_.size(); ++i) {
      const RowBatch& memory = at_hand_.in_memory.empty() ? nothing : at_hand_.in_memory[i];
      sums_.push_back(SumRows(all_[i]->tables(), memory, shelf_));
    }
    if (shelf_ == nullptr) return;
    for (const Projection* projection : all_) {
      const std::unique_ptr<Projection> shelved = projection->NewEmpty();
      checked_.Update(shelved->UseShelf(*shelf_));
      if (checked_.ok()) checked_ = shelved->Check();
    }
  }

  // Over `shelf`, which is read again where the replay wants what it forgot, or in memory where that is null.
  absl::Status Replay(const ShelfView* shelf) {
    static_cast<Replayed&>(verified_) = {};
    shelves_.clear();
    for (Projection* projection : all_) {
      if (shelf == nullptr) continue;
      shelves_.push_back(std::make_unique<SummedShelf>(projection->tables(), shelf));
      RETURN_IF_ERROR(projection->UseShelf(*shelves_.back()));
    }
    const uint64_t shelf_end = shelf == nullptr ? 0 : shelf->reached().number;
    uint64_t cut_at = 0;
    const absl::Status replayed =
        ReplayInto(journal_, head_.number, all_, verified_, [&](uint64_t block, uint64_t last) {
          if (progress_) progress_(block, last);
          if (block > shelf_end) return;
          if (block == shelf_end || verified_.records - cut_at >= kCutRecords) {
            StartCuts();
            cut_at = verified_.records;
          }
          if (block == shelf_end) at_shelf_end_ = SumsOfShelves();
        });
    if (replayed.ok() && shelf != nullptr) StartCuts();
    at_end_ = SumsOfShelves();
    for (Projection* projection : all_) {
      if (shelf == nullptr) at_end_.push_back(projection->Sums());
      if (shelf == nullptr) checked_.Update(projection->Check());
      if (shelf != nullptr) projection->LeaveShelf();
    }
    return replayed;
  }

  // What was replayed is summed up while the replay goes on.
  void StartCuts() {
    FinishCuts();
    std::vector<Cut> cuts;
    for (Projection* projection : all_) cuts.push_back(projection->TakeCut());
    cutting_ = std::async(std::launch::async, [this, cuts = std::move(cuts)]() mutable {
      for (size_t i = 0; i < cuts.size(); ++i) {
        cut_.Clear();
        cuts[i](cut_);
        shelves_[i]->Put(cut_);
      }
    });
  }

  void FinishCuts() {
    if (!cutting_.valid()) return;
    cutting_.get();
    for (Projection* projection : all_) projection->Shelved();
  }

  Sums SumsOfShelves() {
    FinishCuts();
    Sums sums;
    for (const auto& shelf : shelves_) sums.push_back(shelf->Sums());
    return sums;
  }

  // What went wrong over a shelf may be the shelf's fault or the journal's.
  absl::Status LookAgainWithoutShelf() {
    const SummedShelf nothing({}, nullptr);
    for (Projection* projection : all_) {
      RETURN_IF_ERROR(projection->UseShelf(nothing));  // it forgets what it has
      projection->LeaveShelf();
    }
    checked_ = absl::OkStatus();
    RETURN_IF_ERROR(Replay(nullptr));
    const absl::Status damage = shelf_->damage();
    if (damage.ok()) return Disagree("rows on the shelf differ from what the journal implies");
    verified_.shelf = damage;
    shelf_ = nullptr;
    return absl::OkStatus();
  }

  absl::Status CheckHead() const {
    if (verified_.head == head_) return absl::OkStatus();
    if (verified_.head.number == head_.number) return Disagree("the journal's head is not the one last written");
    return DamagedBlock(verified_.head.number + 1,
                        absl::StrCat("the journal ends before it, but block ", head_.number, " is its head"));
  }

  absl::Status Compare() {
    if (!verified_.shelf.ok()) return checked_;
    if (shelf_ != nullptr) {
      verified_.shelf = IsRefusedFor(checked_, Reason::kShelfDamaged) ? checked_ : shelf_->damage();
      if (!verified_.shelf.ok()) return absl::OkStatus();  // it has not told everything
      RETURN_IF_ERROR(CompareTables(at_shelf_end_, &TableSums::shelf, " on the shelf"));
    }
    if (!at_hand_.in_memory.empty()) RETURN_IF_ERROR(CompareTables(at_end_, &TableSums::all, ""));
    for (const auto& shelf : shelves_) {
      if (!shelf->damage().ok()) verified_.shelf = shelf->damage();
    }
    return checked_;
  }

  absl::Status CompareTables(const Sums& implied, std::vector<RowSum> TableSums::*at_hand, absl::string_view where) {
    for (size_t i = 0; i < all_.size(); ++i) {
      const absl::string_view differs = DifferingTable(all_[i]->tables(), implied[i], sums_[i].*at_hand);
      if (!differs.empty()) return Disagree(absl::StrCat(differs, where, " differ from what the journal implies"));
    }
    return absl::OkStatus();
  }

  const Journal& journal_;
  const ReplayProgress& progress_;
  const AtHand& at_hand_;
  Records records_;
  Requests requests_;
  std::vector<Projection*> all_;
  Head head_;
  const ShelfView* shelf_ = nullptr;  // null for none to compare with
  std::vector<std::unique_ptr<SummedShelf>> shelves_;
  std::future<void> cutting_;
  RowBatch cut_;       // of whoever cuts, kept for its memory
  Sums at_shelf_end_;  // what the journal implies there
  Sums at_end_;
  std::vector<TableSums> sums_;  // what is at hand
  absl::Status checked_;         // of the thread that sums them up until it has ended
  Verified verified_;
};

}  // namespace

Sha256Digest CombineDigests(const std::vector<Sha256Digest>& parts) {
  Sha256Digest all{};
  for (const Sha256Digest& part : parts) all = Sha256({AsView(all), AsView(part)});
  return all;
}

absl::StatusOr<Verified> Audit(const Journal& journal, const std::vector<Projection*>& projections,
                               const ReplayProgress& progress, const AtHand& at_hand) {
  return Auditor(journal, projections, progress, at_hand).Run();
}

}  // namespace turnabout
