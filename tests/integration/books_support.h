// A BooksTest is the application over a journal in memory, asked for nothing but the ledger. Requests are text:
//
//   const v1::PostEntryResponse posted = Must(Write(&Books::PostEntry, "parent: 'schemes/cardiff' kind: ..."));
//
// After each test the books are proven right and every scheme sums to zero.
#ifndef TURNABOUT_TESTS_INTEGRATION_BOOKS_SUPPORT_H_
#define TURNABOUT_TESTS_INTEGRATION_BOOKS_SUPPORT_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/reason.h"
#include "server/app/books.h"
#include "server/app/members.h"
#include "server/app/schemes.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/status.h"

namespace turnabout {

// "OK", or the reason of a refusal as clients see it.
inline std::string ReasonIn(const absl::Status& status) {
  if (status.ok()) return "OK";
  const std::optional<Refusal> refusal = RefusalOf(status);
  return refusal.has_value() ? std::string(InfoOf(refusal->reason).name) : "?";
}

template <typename Response>
Response Must(absl::StatusOr<Response> response) {
  EXPECT_TRUE(IsOk(response));
  return response.ok() ? *std::move(response) : Response();
}

class BooksTest : public testing::Test {
 protected:
  BooksTest() { Open(); }

  void TearDown() override {
    EXPECT_TRUE(IsOk(book_->Check()));
    EXPECT_TRUE(IsOk(store_->Verify()));
  }

  // Closes everything and opens the same journal again.
  void Open() {
    store_.reset();
    book_ = std::make_unique<Book>();
    ledger_.emplace(*book_);
    auto opened = Store::Open(std::make_unique<ScriptedJournal>(script_), clock_, {book_.get()});
    EXPECT_TRUE(IsOk(opened));
    store_ = *std::move(opened);
    context_.emplace(Context{*store_, *ledger_, clock_, ids_});
    books_.emplace(*context_);
    schemes_.emplace(*context_);
    members_.emplace(*context_);
  }

  template <typename Request>
  static Request Parse(absl::string_view text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text), &request)) << text;
    return request;
  }

  template <typename Part, typename Request, typename Response>
  absl::StatusOr<Response> Send(Part& part, void (Part::*method)(const Call&, const Request&, Reply<Response>),
                                const Request& request) {
    std::promise<absl::StatusOr<Response>> promise;
    (part.*method)({}, request, [&](absl::StatusOr<Response> response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Write(void (turnabout::Books::*method)(const Call&, const Request&, Reply<Response>),
                                 absl::string_view text) {
    return Send(*books_, method, Parse<Request>(text));
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Read(absl::StatusOr<Response> (turnabout::Books::*method)(const Request&) const,
                                absl::string_view text) {
    return ((*books_).*method)(Parse<Request>(text));
  }

  void NewScheme(absl::string_view slug, absl::string_view rules = "") {
    Must(Send(*schemes_, &Schemes::CreateScheme,
              Parse<v1::CreateSchemeRequest>(absl::StrCat("scheme_id: '", slug, "' scheme { display_name: '", slug,
                                                          "' } rule_set { ", rules, " }"))));
  }
  // The id of a new member.
  std::string NewMember(absl::string_view slug, absl::string_view place = "") {
    const auto made = Must(Send(
        *members_, &Members::CreateMember,
        Parse<v1::CreateMemberRequest>(absl::StrCat("parent: 'schemes/", slug, "' member { display_name: 'somebody' ",
                                                    place.empty() ? "" : absl::StrCat("place: '", place, "'"), " }"))));
    return made.member().name().substr(made.member().name().rfind('/') + 1);
  }

  static std::string AccountOf(absl::string_view owner, absl::string_view slug = "cardiff") {
    return absl::StrCat("schemes/", slug, "/accounts/", owner, ".minutes");
  }
  int64_t BalanceOf(absl::string_view owner, absl::string_view slug = "cardiff") {
    const std::string name = absl::StrCat("name: '", AccountOf(owner, slug), "'");
    return Must(Read(&turnabout::Books::GetAccount, name)).account().posted();
  }

  std::shared_ptr<JournalScript> script_ = std::make_shared<JournalScript>();
  ManualClock clock_{absl::FromCivil(absl::CivilHour(2026, 3, 2, 10), absl::UTCTimeZone())};
  IdSource ids_{clock_, Seed{11}};
  std::unique_ptr<Book> book_;
  std::optional<Ledger> ledger_;
  std::unique_ptr<Store> store_;
  std::optional<Context> context_;
  std::optional<turnabout::Books> books_;
  std::optional<Schemes> schemes_;
  std::optional<Members> members_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_INTEGRATION_BOOKS_SUPPORT_H_
