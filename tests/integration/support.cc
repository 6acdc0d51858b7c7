#include "tests/integration/support.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "google/protobuf/text_format.h"
#include "server/app/app.h"
#include "server/app/due.h"
#include "server/records/dates.h"
#include "store/journal/rocksdb_journal.h"
#include "store/shelf/shelf.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

struct Rpc {
  std::function<std::unique_ptr<Message>()> request;
  std::function<Answer(App&, const Message&)> call;
};
using Rpcs = std::map<std::string, Rpc, std::less<>>;

template <typename T>
Answer AnswerOf(absl::StatusOr<T> response) {
  if (!response.ok()) return response.status();
  return std::make_shared<const T>(*std::move(response));
}

template <typename Part, typename Request, typename T>
Rpc Make(Part App::*part, void (Part::*method)(const Call&, const Request&, Reply<T>)) {
  return {[] { return std::make_unique<Request>(); },
          [part, method](App& app, const Message& request) {
            std::promise<absl::StatusOr<T>> promise;
            ((app.*part).*method)({}, static_cast<const Request&>(request),
                                  [&](absl::StatusOr<T> response) { promise.set_value(std::move(response)); });
            return AnswerOf(promise.get_future().get());
          }};
}

template <typename Part, typename Request, typename T>
Rpc Make(Part App::*part, absl::StatusOr<T> (Part::*method)(const Request&) const) {
  return {[] { return std::make_unique<Request>(); },
          [part, method](App& app, const Message& request) {
            return AnswerOf(((app.*part).*method)(static_cast<const Request&>(request)));
          }};
}

const Rpcs& AllRpcs() {
#define RPC(PART, TYPE, METHOD) \
  { #METHOD, Make(&App::PART, &TYPE::METHOD) }
  static const Rpcs* const rpcs = new Rpcs{
      RPC(schemes, Schemes, CreateScheme),
      RPC(schemes, Schemes, GetScheme),
      RPC(schemes, Schemes, ListSchemes),
      RPC(schemes, Schemes, UpdateScheme),
      RPC(schemes, Schemes, ImportPlaces),
      RPC(schemes, Schemes, ListPlaces),
      RPC(schemes, Schemes, GetRuleSet),
      RPC(schemes, Schemes, ListRuleSets),
      RPC(members, Members, CreateMember),
      RPC(members, Members, GetMember),
      RPC(members, Members, ListMembers),
      RPC(members, Members, UpdateMember),
      RPC(members, Members, ImportMembers),
      RPC(members, Members, DischargeMember),
      RPC(members, Members, RemoveMember),
      RPC(members, Members, GetStanding),
      RPC(pledges, Pledges, MakePledge),
      RPC(pledges, Pledges, GetPledge),
      RPC(pledges, Pledges, ListPledges),
      RPC(pledges, Pledges, WithdrawPledge),
      RPC(pledges, Pledges, WaivePledge),
      RPC(pledges, Pledges, GrantWaiver),
      RPC(books, Books, GetAccount),
      RPC(books, Books, ListAccounts),
      RPC(books, Books, GetEntry),
      RPC(books, Books, ListEntries),
      RPC(books, Books, PostEntry),
      RPC(books, Books, HoldEntry),
      RPC(books, Books, PostHold),
      RPC(books, Books, VoidHold),
      RPC(books, Books, ReverseEntry),
      RPC(books, Books, GetStatement),
      RPC(books, Books, GetTrialBalance),
      RPC(books, Books, BatchWriteEntries),
      RPC(books, Books, TransferBetweenSchemes),
      RPC(books, Books, SummariseHours),
      RPC(books, Books, ListHolds),
      RPC(exchanges, Exchanges, LogExchange),
      RPC(exchanges, Exchanges, GetExchange),
      RPC(exchanges, Exchanges, ListExchanges),
      RPC(exchanges, Exchanges, ConfirmExchange),
      RPC(exchanges, Exchanges, DisputeExchange),
      RPC(exchanges, Exchanges, SettleExchange),
      RPC(matches, Matches, ProposeMatch),
      RPC(matches, Matches, ApproveMatch),
      RPC(matches, Matches, AcceptMatch),
      RPC(matches, Matches, DeclineMatch),
      RPC(matches, Matches, EndMatch),
      RPC(matches, Matches, GetMatch),
      RPC(matches, Matches, ListMatches),
      RPC(rounds, Rounds, RunRound),
      RPC(rounds, Rounds, SuggestBuddies),
      RPC(rounds, Rounds, GetRound),
      RPC(rounds, Rounds, ListRounds),
      RPC(rounds, Rounds, ListLeftOut),
      RPC(journal, JournalAccess, GetHead),
      RPC(journal, JournalAccess, GetEntryProof),
      RPC(journal, JournalAccess, ListBlockHeaders),
      RPC(journal, JournalAccess, CreateBackup),
      RPC(verification, Verification, VerifyJournal),
      RPC(verification, Verification, GetServerInfo),
  };
#undef RPC
  return *rpcs;
}

std::mutex seen_mutex;
std::set<std::string>& Seen() {  // guarded by seen_mutex
  static std::set<std::string>* const seen = new std::set<std::string>;
  return *seen;
}

// One value as text.
std::string ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? reflection.GetString(message, &field) : reflection.GetRepeatedString(message, &field, index);
    case FieldDescriptor::CPPTYPE_ENUM:
      return (one ? reflection.GetEnum(message, &field) : reflection.GetRepeatedEnum(message, &field, index))->name();
    default: {
      std::string text;
      google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
      return text;
    }
  }
}

const char kVariable[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

}  // namespace

std::string FieldOf(const Message& message, absl::string_view path) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(path, absl::MaxSplits('.', 1));
  absl::string_view name = parts.first;
  const bool counts = absl::EndsWith(name, "#");
  if (counts) name.remove_suffix(1);
  int index = -1;
  if (const size_t bracket = name.find('['); bracket != absl::string_view::npos) {
    EXPECT_TRUE(absl::SimpleAtoi(name.substr(bracket + 1, name.size() - bracket - 2), &index)) << path;
    name = name.substr(0, bracket);
  }
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const Reflection& reflection = *message.GetReflection();
  if (field == nullptr || (field->is_repeated() && index >= reflection.FieldSize(message, field))) {
    ADD_FAILURE() << "no " << path << " in " << message.ShortDebugString();
    return "";
  }
  if (counts) return absl::StrCat(reflection.FieldSize(message, field));
  if (parts.second.empty()) return ValueOf(message, *field, index);
  return FieldOf(
      index < 0 ? reflection.GetMessage(message, field) : reflection.GetRepeatedMessage(message, field, index),
      parts.second);
}

std::string FieldOf(const Answer& answer, absl::string_view path) {
  EXPECT_TRUE(IsOk(answer)) << path;
  return answer.ok() && *answer != nullptr ? FieldOf(**answer, path) : "";
}

std::string ReasonOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const std::optional<Refusal> refusal = RefusalOf(status);
  return refusal.has_value() ? std::string(InfoOf(refusal->reason).name) : "?";
}

std::vector<std::string> EveryRpc() {
  std::vector<std::string> names;
  for (const auto& [name, rpc] : AllRpcs()) names.push_back(name);
  return names;
}

std::vector<std::string> EveryWrite() {
  std::vector<std::string> names;
  for (const auto& [name, rpc] : AllRpcs()) {
    if (rpc.request()->GetDescriptor()->FindFieldByName("validate_only") != nullptr) names.push_back(name);
  }
  return names;
}

std::set<std::string> DeclaredRpcs() {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator("proto/turnabout/v1")) {
    std::ifstream text(file.path());
    for (std::string line; std::getline(text, line);) {
      absl::string_view rest = absl::StripAsciiWhitespace(line);
      if (absl::StrContains(rest, "stream ")) continue;
      if (absl::ConsumePrefix(&rest, "rpc ")) names.insert(std::string(rest.substr(0, rest.find('('))));
    }
  }
  return names;
}

void NoteReason(const std::string& reason) {
  const std::lock_guard<std::mutex> lock(seen_mutex);
  Seen().insert(reason);
}

std::set<std::string> ReasonsSeen() {
  const std::lock_guard<std::mutex> lock(seen_mutex);
  return Seen();
}

std::string Megabyte() { return std::string(1'000'000, 'a'); }

// Everything that one process has. The journal outlives the rest.
struct SchemeTest::World {
  explicit World(Storage storage) : storage(storage) { Open(); }

  void Open() {
    app.reset();
    store.reset();
    book = std::make_unique<Book>();
    ledger.emplace(*book);
    auto opened = storage == Storage::kMemory
                      ? Store::Open(std::make_unique<ScriptedJournal>(script), clock, {book.get()})
                      : OpenInFolder();
    TURNABOUT_CHECK(opened.ok());
    store = *std::move(opened);
    app = std::make_unique<App>(*store, *ledger, clock, ids);
  }

  absl::StatusOr<std::unique_ptr<Store>> OpenInFolder() {
    ASSIGN_OR_RETURN(std::unique_ptr<Journal> journal,
                     OpenRocksdbJournal({.folder = folder.path(), .ballast_bytes = 0}));
    ShelfOptions shelf;
    ASSIGN_OR_RETURN(shelf.shelf, Shelf::Open(absl::StrCat(folder.path(), "/", kShelfFolder), 0));
    return Store::Open(std::move(journal), clock, {book.get()}, std::move(shelf));
  }

  const Storage storage;
  const TemporaryFolder folder{FastPlace()};
  std::shared_ptr<JournalScript> script = std::make_shared<JournalScript>();
  // A Monday morning.
  ManualClock clock{absl::FromCivil(absl::CivilHour(2026, 3, 2, 10), absl::UTCTimeZone())};
  IdSource ids{clock, Seed{7}};
  std::unique_ptr<Book> book;
  std::optional<Ledger> ledger;
  std::unique_ptr<Store> store;
  std::unique_ptr<App> app;
};

SchemeTest::SchemeTest(absl::string_view rules, Storage storage) : world_(std::make_unique<World>(storage)) {
  Name("cara", "coordinators/cara");
  for (const std::string scheme : {"cardiff", "leith"}) {
    Do("CreateScheme",
       absl::StrCat("scheme_id: '", scheme, "' scheme { display_name: '", scheme, "' } rule_set { ", rules, " }"));
    for (const std::string own : {"pot", "opening", "clearing", "expiry"}) {
      const std::string account = absl::StrCat("schemes/", scheme, "/accounts/", own, ".minutes");
      Name(scheme == "leith" ? "leith_" + own : own, account);
    }
  }
  Name("scheme", "schemes/leith");
  Member("zoe");
  Name("leith", "schemes/leith");
  Name("scheme", "schemes/cardiff");
}

SchemeTest::~SchemeTest() = default;

void SchemeTest::TearDown() {
  Digest();
  for (const absl::string_view scheme : {"name: $scheme", "name: $leith"}) {
    const Answer balance = Do("GetTrialBalance", scheme);
    EXPECT_EQ(FieldOf(balance, "sum_minutes"), "0");
    EXPECT_EQ(FieldOf(balance, "sum_turns"), "0");
  }
}

std::string SchemeTest::Named(absl::string_view name) const {
  const auto at = names_.find(std::string(name));
  if (at != names_.end()) return at->second;
  ADD_FAILURE() << "nothing is named $" << name;
  return "";
}

std::string SchemeTest::Fill(absl::string_view text) const {
  std::string filled;
  while (!text.empty()) {
    const size_t dollar = text.find('$');
    absl::StrAppend(&filled, text.substr(0, dollar));
    if (dollar == absl::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    const absl::string_view name = text.substr(0, text.find_first_not_of(kVariable));
    text.remove_prefix(name.size());
    if (name == "megabyte") {
      absl::StrAppend(&filled, "'", Megabyte(), "'");
    } else if (name == "day") {
      int offset = 0;
      const bool moved = !text.empty() && (text[0] == '+' || text[0] == '-');
      const size_t end = moved ? text.find_first_not_of("0123456789", 1) : 0;
      if (moved) {
        EXPECT_TRUE(absl::SimpleAtoi(text.substr(0, end), &offset));
      }
      text.remove_prefix(std::min(end, text.size()));
      absl::StrAppend(&filled, "'", FormatDate(DayOf(world_->clock.Now()) + offset), "'");
    } else {
      absl::StrAppend(&filled, "'", Named(name), "'");
    }
  }
  return filled;
}

Answer SchemeTest::Try(absl::string_view rpc, absl::string_view text) const {
  const auto at = AllRpcs().find(rpc);
  if (at == AllRpcs().end()) return absl::UnimplementedError(absl::StrCat("no rpc ", rpc));
  const std::unique_ptr<Message> request = at->second.request();
  if (!google::protobuf::TextFormat::ParseFromString(Fill(text), request.get())) {
    ADD_FAILURE() << rpc << " cannot be asked: " << text.substr(0, 1000);
    return absl::UnimplementedError("a request that is no text");
  }
  Answer answer = at->second.call(*world_->app, *request);
  if (!answer.ok()) NoteReason(ReasonOf(answer.status()));
  return answer;
}

Response SchemeTest::Do(absl::string_view rpc, absl::string_view text, absl::string_view field,
                        absl::string_view keep_as) {
  const Answer answer = Try(rpc, text);
  EXPECT_TRUE(IsOk(answer)) << rpc << " " << text.substr(0, 1000);
  if (!answer.ok()) return nullptr;
  if (!keep_as.empty()) Name(keep_as, FieldOf(answer, field));
  return *answer;
}

std::string SchemeTest::Get(absl::string_view rpc, absl::string_view text, absl::string_view field) const {
  const Answer answer = Try(rpc, text);
  EXPECT_TRUE(IsOk(answer)) << rpc << " " << text.substr(0, 1000);
  return answer.ok() ? FieldOf(answer, field) : "";
}

absl::Status SchemeTest::Refused(absl::string_view rpc, absl::string_view text, absl::string_view reason) const {
  const std::string before = Digest();
  const absl::Status status = Try(rpc, text).status();
  EXPECT_EQ(ReasonOf(status), reason) << rpc << " " << text.substr(0, 1000) << "\n" << status;
  EXPECT_EQ(Digest(), before) << rpc << " was refused and yet wrote something: " << text.substr(0, 1000);
  return status;
}

void SchemeTest::Member(absl::string_view as, absl::string_view fields) {
  Do("CreateMember", absl::StrCat("parent: $scheme member { display_name: '", as, "' ", fields, " }"), "member.name",
     as);
  const std::vector<std::string> parts = absl::StrSplit(Named(as), '/');
  for (const std::string unit : {"minutes", "turns"}) {
    Name(absl::StrCat(as, "_", unit),
         absl::StrCat("schemes/", parts.at(1), "/accounts/", parts.at(parts.size() - 1), ".", unit));
  }
}

void SchemeTest::Pledge(absl::string_view member, absl::string_view more) {
  Do("MakePledge", absl::StrCat("parent: $scheme pledge { member: $", member, " ", more, " }"), "pledge.name",
     absl::StrCat(member, "_pledge"));
}

void SchemeTest::Propose(absl::string_view giver, absl::string_view receiver, absl::string_view as) {
  Do("ProposeMatch", absl::StrCat("parent: $scheme match { giver: $", giver, " receiver: $", receiver, " }"),
     "match.name", as);
}

void SchemeTest::Approve(absl::string_view match) {
  Do("ApproveMatch", absl::StrCat("name: $", match, " actor: $cara"));
}

void SchemeTest::Accept(absl::string_view match, absl::string_view member) {
  Do("AcceptMatch", absl::StrCat("name: $", match, " actor: $", member));
}

void SchemeTest::Start(absl::string_view giver, absl::string_view receiver, absl::string_view as) {
  Propose(giver, receiver, as);
  Approve(as);
  Accept(as, giver);
  Accept(as, receiver);
}

void SchemeTest::Log(absl::string_view giver, absl::string_view receiver, int minutes, absl::string_view as,
                     absl::string_view match) {
  Do("LogExchange",
     absl::StrCat("parent: $scheme actor: $", giver, " exchange { giver: $", giver, " receiver: $", receiver,
                  " minutes: ", minutes, " happened_on_date: $day category: 'shopping' ",
                  match.empty() ? "" : absl::StrCat("match: $", match), " }"),
     "exchange.name", as);
  Name(absl::StrCat(as, "_receiver"), Named(receiver));
}

void SchemeTest::Confirm(absl::string_view exchange) {
  Do("ConfirmExchange", absl::StrCat("name: $", exchange, " actor: $", exchange, "_receiver"));
}

std::string SchemeTest::MatchState(absl::string_view match) const {
  return Get("GetMatch", absl::StrCat("name: $", match), "match.state").substr(6);
}

std::string SchemeTest::PledgeState(absl::string_view member) const {
  return Get("GetPledge", absl::StrCat("name: $", member, "_pledge"), "pledge.state").substr(6);
}

std::string SchemeTest::ExchangeState(absl::string_view exchange) const {
  return Get("GetExchange", absl::StrCat("name: $", exchange), "exchange.state").substr(6);
}

std::string SchemeTest::Turns(absl::string_view member) const {
  const Answer standing = Try("GetStanding", absl::StrCat("name: $", member));
  return absl::StrCat("given ", FieldOf(standing, "standing.turns_given"), " received ",
                      FieldOf(standing, "standing.turns_received"), " allowance ",
                      FieldOf(standing, "standing.turn_allowance"), " available ",
                      FieldOf(standing, "standing.turns_available"));
}

int64_t SchemeTest::Minutes(absl::string_view member) const {
  int64_t minutes = 0;
  EXPECT_TRUE(
      absl::SimpleAtoi(Get("GetStanding", absl::StrCat("name: $", member), "standing.minutes_balance"), &minutes));
  return minutes;
}

void SchemeTest::Days(int days) { Hours(24 * days); }

void SchemeTest::Hours(int hours) {
  world_->clock.Advance(absl::Hours(hours));
  while (RunDueOnce() > 0) {
  }
}

int SchemeTest::RunDueOnce() {
  const absl::StatusOr<int> done = RunDue(world_->app->context, world_->app->context.clock.Now());
  EXPECT_TRUE(IsOk(done));
  return done.ok() ? *done : 0;
}

std::string SchemeTest::Digest() const {
  const Answer verified = Try("VerifyJournal", "");
  return FieldOf(verified, "digest");
}

int64_t SchemeTest::EntryCount() const {
  int64_t count = 0;
  EXPECT_TRUE(absl::SimpleAtoi(Get("GetTrialBalance", "name: $scheme", "entry_count"), &count));
  return count;
}

void SchemeTest::Reopen() { world_->Open(); }

}  // namespace turnabout
