// What is held against the model after every step, and what is replayed.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/reason.h"
#include "store/audit/audit.h"
#include "store/store.h"
#include "tests/sim/world.h"

namespace turnabout::sim {
namespace {

Figures FiguresOf(const Account& account) {
  return {account.posted,   account.held_out,     account.held_in,       account.given,
          account.received, account.limits.floor, account.limits.ceiling};
}

Balances BalancesOf(const Figures& figures) { return {figures.posted, figures.held_out, figures.held_in}; }

absl::string_view TextOf(Layer layer) { return layer == Layer::kDurable ? "durable" : "working"; }

std::vector<EntryId> IdsOf(const std::vector<Name>& entries) {
  std::vector<EntryId> ids;
  for (const Name entry : entries) ids.push_back(IdOf(entry));
  return ids;
}

}  // namespace

void World::CheckAll() {
  CheckLayer(Layer::kDurable, durable_);
  CheckLayer(Layer::kWorking, model_.size());
  if (ok()) Look();
  if (ok()) IsShelfDamaged();
}

// Every account is as foretold, each unit of each scheme sums to zero, and nobody went past a limit.
void World::CheckLayer(Layer layer, size_t at) {
  std::map<std::pair<uint32_t, Unit>, int64_t> sums;
  for (const auto& [name, key] : names_) {
    const Account* account = book_->FindAccount(key, layer);
    const Figures* figures = model_.AccountAt(name, at);
    const bool same = account == nullptr || figures == nullptr ? account == nullptr && figures == nullptr
                                                               : FiguresOf(*account) == *figures;
    if (!same) return Fail(absl::StrCat("wrong: account ", TextOf(name), " as it is ", TextOf(layer)));
    if (account == nullptr) continue;
    sums[{name.scheme, name.unit}] += account->posted;
    if (layer == Layer::kWorking) CheckLimits(name, *account);
  }
  for (const auto& [unit, sum] : sums) Expect(sum == 0, "a scheme's accounts sum to zero");
}

// Holds counted, nothing goes further past a limit, unless somebody set it aside.
void World::CheckLimits(const AccountName& name, const Account& account) {
  const int64_t lowest = account.posted - account.held_out;
  const int64_t highest = account.posted + account.held_in;
  const auto [before, is_new] = reach_.try_emplace(name, lowest, highest);
  if (!is_new && !exempt_.contains(name)) {
    Expect(lowest >= std::min(account.limits.floor, before->second.first), "an account goes below its floor");
    Expect(highest <= std::max(account.limits.ceiling, before->second.second), "an account goes above its ceiling");
  }
  before->second = {lowest, highest};
}

// Whose limits a command may change or set aside.
void World::Exempt(const Command& command) {
  for (const Operation& operation : command.operations) {
    if (operation.what == Operation::What::kSetLimits) exempt_.insert(operation.account);
    for (const Line& line : operation.lines) {
      if (line.overridden) exempt_.insert({line.payer(), line.payee()});
    }
    const std::optional<size_t> reversed = model_.FindEntry(operation.entry, model_.size());
    if (!operation.overridden || !reversed.has_value()) continue;
    const Line& line = model_.EntryAt(*reversed).line;
    exempt_.insert({line.payer(), line.payee()});
  }
}

// What the journal comes to, from its first block on, is what is at hand, in memory and on the shelf.
void World::CheckReplay() {
  ++seen_["replayed"];
  Book book;
  const absl::StatusOr<Verified> replayed = Audit(*journal_, {&book}, {});
  if (!replayed.ok()) return Fail(absl::StrCat("a replay fails: ", replayed.status().ToString()));
  std::vector<Sha256Digest> at_hand;
  for (const Projection* projection : engine_->projections()) at_hand.push_back(projection->Digest());
  Expect(CombineDigests(at_hand) == replayed->digest, "what is at hand is what a replay comes to");
  Expect(replayed->head == engine_->head() && replayed->records == durable_, "how much is durable");
  for (const Book* each : {&book, book_.get()}) {
    const absl::Status balanced = each->Check();
    if (!balanced.ok()) Expect(false, balanced.ToString());
  }
}

// A store with threads of its own opens on a copy of disk and shelf, and comes to the same.
void World::CheckInStore() {
  ++seen_["opened in a store"];
  Disk disk = disk_;
  absl::StatusOr<std::unique_ptr<Journal>> journal = OpenJournal(disk);
  if (!journal.ok()) return Fail(absl::StrCat("a copy does not open: ", journal.status().ToString()));
  const ManualClock clock(clock_);
  Book book;
  ShelfOptions shelf;
  if (shelf_ != nullptr) shelf.shelf = std::make_unique<SimShelf>(*shelf_);
  const auto store = Store::Open(*std::move(journal), clock, {&book}, std::move(shelf));
  if (!store.ok()) return Fail(absl::StrCat("a store does not open: ", store.status().ToString()));
  Expect((*store)->head() == engine_->head(), "where a store's journal ends");
  const absl::StatusOr<Verified> verified = (*store)->Verify();
  if (verified.ok() || IsRefusedFor(verified.status(), Reason::kShelfDamaged)) return;
  Fail(absl::StrCat("a store does not verify: ", verified.status().ToString()));
}

void World::Look() {
  const Layer layer = random_.OneIn(1, 2) ? Layer::kDurable : Layer::kWorking;
  const size_t at = layer == Layer::kDurable ? durable_ : model_.size();
  switch (random_.Below(7)) {
    case 0:
      return LookAtEntry(layer, at);
    case 1:
      return LookAtStatement();
    case 2:
      return LookBack();
    case 3:
      return LookAtScheme();
    case 4:
      return LookAtHolds();
    case 5:
      return LookAtRows(layer, at);
    default:
      return LookAtRequest(layer, at);
  }
}

void World::LookAtEntry(Layer layer, size_t at) {
  const Name entry = chance_.AnyEntry(model_);
  const std::optional<size_t> place = model_.FindEntry(entry, at);
  const std::optional<EntryRow> row = book_->FindEntry(IdOf(entry), layer);
  if (!Expect(row.has_value() == place.has_value(), "which entries there are")) return;
  if (!place.has_value()) return;
  const Course course = model_.CourseOf(entry, at);
  Expect(row->entry == EntryOf(model_.EntryAt(*place)) && row->sequence == *place, "an entry");
  Expect(row->current == course.current && row->resolution == IdOf(course.resolution) &&
             row->reversal == IdOf(course.reversal),
         "what became of an entry");
}

// The latest entries of an account, up to some place, each with what the account had after it.
void World::LookAtStatement() {
  const auto& [name, key] = names_[random_.Below(names_.size())];
  const uint64_t last = random_.OneIn(1, 2) ? kLatestSequence : random_.Below(durable_ + 2);
  std::vector<size_t> places = model_.StatementOf(name, std::min<size_t>(last, durable_));
  bool same = true;
  size_t visited = 0;
  const size_t most = 1 + random_.Below(30);
  book_->VisitStatement(key, last, [&](const EntryRow& row, const Balances& after) {
    same = same && !places.empty() && row.sequence == places.back() &&
           row.entry == EntryOf(model_.EntryAt(places.back())) &&
           after == BalancesOf(*model_.AccountAt(name, places.back()));
    if (!places.empty()) places.pop_back();
    return ++visited < most;
  });
  Expect(same && (visited == most || places.empty()), "the statement of an account");
}

// What an account had at some place, and at some time.
void World::LookBack() {
  const auto& [name, key] = names_[random_.Below(names_.size())];
  const auto foretold = [&, &name = name](size_t at) {
    const std::vector<size_t> places = model_.StatementOf(name, at);
    return places.empty() ? Balances{} : BalancesOf(*model_.AccountAt(name, places.back()));
  };
  const size_t place = random_.Below(durable_ + 1);
  Expect(book_->BalancesAt(key, place) == foretold(place), "what an account had after a record");
  int64_t time = now_micros();
  if (place > 0) {
    if (const auto* entry = std::get_if<EntryFact>(&model_.fact(place))) time = entry->time + random_.Between(-1, 1);
  }
  const size_t at_time = model_.PlaceAtTime(time, durable_);
  Expect(std::min<uint64_t>(book_->SequenceAt(absl::FromUnixMicros(time)), durable_) == at_time, "what was when");
  Expect(book_->BalancesAt(key, absl::FromUnixMicros(time)) == foretold(at_time), "what an account had at a time");
}

void World::LookAtScheme() {
  const uint32_t scheme = chance_.AnyScheme();
  for (const auto& [layer, at] : {std::pair(Layer::kDurable, durable_), std::pair(Layer::kWorking, model_.size())}) {
    const SchemeBook sums = book_->FindScheme(scheme, layer);
    const SchemeSums foretold = model_.SchemeAt(scheme, at);
    Expect(sums.entries == foretold.entries && sums.minutes_of_help == foretold.minutes_of_help, "a scheme's sums");
  }
  std::vector<AccountKey> accounts;
  for (const AccountName& account : model_.AccountsOf(scheme, durable_)) accounts.push_back(KeyOf(account));
  Expect(book_->AccountsOf(scheme) == accounts, "the accounts of a scheme");
  Expect(static_cast<size_t>(book_->AccountCount()) == model_.Accounts(durable_).size(), "how many accounts there are");
  const std::vector<size_t> places = model_.EntriesOf(scheme, durable_);
  size_t next = random_.Below(places.size() + 1);
  const size_t end = std::min(places.size(), next + 10);
  bool same = true;
  book_->VisitEntries(scheme, static_cast<int64_t>(next) + 1, [&](const EntryRow& row) {
    same = same && next < places.size() && row.sequence == places[next] &&
           row.entry == EntryOf(model_.EntryAt(places[next]));
    return ++next < end && same;
  });
  Expect(same && next >= end, "the entries of a scheme");
}

void World::LookAtHolds() {
  const std::vector<size_t> places = model_.OpenHolds(durable_);
  std::vector<uint64_t> open;
  for (uint32_t scheme = 1; scheme <= chance_.kind().schemes; ++scheme) {
    for (const OpenHold* hold : book_->OpenHolds(scheme)) open.push_back(hold->sequence);
  }
  std::sort(open.begin(), open.end());
  Expect(std::equal(open.begin(), open.end(), places.begin(), places.end()), "the open holds");
  Expect(book_->LapsedHolds(clock_, 1000) == IdsOf(model_.Lapsed(now_micros(), durable_)), "the holds that are up");
  if (places.empty()) return;
  const EntryFact& hold = model_.EntryAt(places[random_.Below(places.size())]);
  std::vector<EntryId> linked;
  for (const size_t place : places) {
    if (model_.EntryAt(place).related == hold.related) linked.push_back(IdOf(model_.EntryAt(place).line.id));
  }
  Expect(book_->LinkedHolds(EntryOf(hold), Layer::kDurable) == linked, "holds that stand or fall together");
}

void World::LookAtRows(Layer layer, size_t at) {
  std::string begin = chance_.AnyRow();
  std::string end = chance_.AnyRow();
  const std::string* foretold = model_.RowAt(begin, at);
  const std::optional<std::string> row = engine_->records().Get(begin, layer);
  Expect(row == (foretold == nullptr ? std::nullopt : std::make_optional(*foretold)), "a row");
  std::vector<std::pair<std::string, std::string>> rows;
  engine_->records().Scan(begin, end, layer, [&](absl::string_view key, absl::string_view value) {
    rows.emplace_back(key, value);
    return true;
  });
  Expect(rows == model_.RowsAt(begin, end, at), "rows in order");
}

void World::LookAtRequest(Layer layer, size_t at) {
  const std::string request = named_.empty() ? "r0" : named_[random_.Below(named_.size())].request;
  const RequestFact* foretold = model_.RequestAt(request, at);
  const std::optional<Remembered> found = engine_->requests().Find(RequestKeyOf(request), layer);
  Expect(found.has_value() == (foretold != nullptr), "which requests are remembered");
  if (!found.has_value() || foretold == nullptr) return;
  Expect(found->content == foretold->content && found->answer == foretold->answer, "what is remembered of a request");
}

}  // namespace turnabout::sim
