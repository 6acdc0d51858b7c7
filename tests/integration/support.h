// A SchemeTest is the whole application over a journal in memory and a clock that moves when told, with no server.
// Requests are text, in which $names stand for what the test made:
//
//   Member("ana", "needs { category: 'shopping' settings: SETTING_PHONE }");
//   Do("LogExchange", "parent: $scheme exchange { giver: $ben receiver: $ana minutes: 90 happened_on_date: $day }
//      actor: $ben", "exchange.name", "walk");
//   Refuse("ConfirmExchange", "name: $walk actor: $ben", "OWN_HOURS");
//
// After each test the books are proven right and every unit sums to zero.
#ifndef TURNABOUT_TESTS_INTEGRATION_SUPPORT_H_
#define TURNABOUT_TESTS_INTEGRATION_SUPPORT_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace turnabout {

using Response = std::shared_ptr<const google::protobuf::Message>;
using Answer = absl::StatusOr<Response>;

// What `path` leads to, as text: "match.state" (an enum's name), "lines[0].change", "lines#" (how many). A field that
// is not there fails the test.
std::string FieldOf(const google::protobuf::Message& message, absl::string_view path);
std::string FieldOf(const Answer& answer, absl::string_view path);

// The reason of a refusal as clients see it; "OK", or "?" for a status that is no refusal.
std::string ReasonOf(const absl::Status& status);

// The names of every rpc that does not stream, and of those among them that write.
std::vector<std::string> EveryRpc();
std::vector<std::string> EveryWrite();

// The names of every rpc that a .proto file of the API declares and that does not stream.
std::set<std::string> DeclaredRpcs();

// Every reason that a call of this process was refused for, and how one is added that did not come through Try.
std::set<std::string> ReasonsSeen();
void NoteReason(const std::string& reason);

// 1,000,000 letters.
std::string Megabyte();

// A member who gives and receives by phone, so that place does not matter.
inline constexpr char kByPhone[] =
    "offers { category: 'shopping' settings: SETTING_PHONE } needs { category: 'shopping' settings: SETTING_PHONE }";

// What a SchemeTest keeps its journal in.
enum class Storage { kMemory, kRocksdb };

class SchemeTest : public testing::Test {
 protected:
  // Makes schemes/cardiff ($scheme) with `rules`, and schemes/leith ($leith) with a member $zoe.
  explicit SchemeTest(absl::string_view rules = "", Storage storage = Storage::kMemory);
  ~SchemeTest() override;
  void TearDown() override;

  // Calls an rpc and waits for its answer. Safe for concurrent use.
  Answer Try(absl::string_view rpc, absl::string_view text) const;
  // The same, which must succeed; what `field` of the answer holds becomes $keep_as. Null after a failure.
  Response Do(absl::string_view rpc, absl::string_view text, absl::string_view field = "",
              absl::string_view keep_as = "");
  // One field of an answer that must come.
  std::string Get(absl::string_view rpc, absl::string_view text, absl::string_view field) const;
  // The call must be refused for `reason`, and leave the store as it was. Refused returns the status.
  absl::Status Refused(absl::string_view rpc, absl::string_view text, absl::string_view reason) const;
  void Refuse(absl::string_view rpc, absl::string_view text, absl::string_view reason) const {
    (void)Refused(rpc, text, reason);
  }

  void Name(absl::string_view name, absl::string_view value) { names_[std::string(name)] = std::string(value); }
  std::string Named(absl::string_view name) const;
  // `text` with every $name replaced by its value in quotes. $day is today, $day+1 tomorrow, $day-366 a while ago;
  // $megabyte a long text.
  std::string Fill(absl::string_view text) const;

  // Steps that many tests take. Each must succeed; `as` names what it makes. Member also names $ana_minutes and
  // $ana_turns.
  void Member(absl::string_view as, absl::string_view fields = kByPhone);
  void Pledge(absl::string_view member, absl::string_view more = "");
  void Propose(absl::string_view giver, absl::string_view receiver, absl::string_view as);
  void Approve(absl::string_view match);
  void Accept(absl::string_view match, absl::string_view member);
  // From proposed to active, or to accepted where linked matches are behind.
  void Start(absl::string_view giver, absl::string_view receiver, absl::string_view as);
  void Log(absl::string_view giver, absl::string_view receiver, int minutes, absl::string_view as,
           absl::string_view match = "");
  void Confirm(absl::string_view exchange);

  std::string MatchState(absl::string_view match) const;
  std::string PledgeState(absl::string_view member) const;
  std::string ExchangeState(absl::string_view exchange) const;
  // "given 0 received 1 allowance 1 available 0"
  std::string Turns(absl::string_view member) const;
  int64_t Minutes(absl::string_view member) const;

  // Moves the clock on and does all that falls due.
  void Days(int days);
  void Hours(int hours);
  int RunDueOnce();

  // Of everything that the journal implies. Proves the books right on the way.
  std::string Digest() const;
  int64_t EntryCount() const;
  // Closes everything and opens the same journal again.
  void Reopen();

 private:
  struct World;

  std::unique_ptr<World> world_;
  std::map<std::string, std::string> names_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_INTEGRATION_SUPPORT_H_
