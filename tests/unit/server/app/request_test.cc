#include "server/app/request.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/sha256.h"
#include "tests/support/status.h"
#include "turnabout/v1/ledger_service.pb.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

// What the first release kept: each set field's path and the start of the SHA-256 of its value as TextFormat writes it.
void CollectSlowly(const Message& message, const std::string& prefix, std::map<std::string, std::string>& out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    if (path == "request_id" || path == "validate_only") continue;
    std::string value;
    if (field->is_repeated()) {
      for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
        std::string each;
        TextFormat::PrintFieldValueToString(message, field, i, &each);
        absl::StrAppend(&value, each.size(), ":", each);
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      out[path] = "";
      CollectSlowly(message.GetReflection()->GetMessage(message, field), path + ".", out);
      continue;
    } else {
      TextFormat::PrintFieldValueToString(message, field, -1, &value);
    }
    out[path] = absl::BytesToHexString(AsView(Sha256({value})).substr(0, 8));
  }
}

template <typename Request>
void ExpectAsSlowly(const std::string& text) {
  Request request;
  ASSERT_TRUE(TextFormat::ParseFromString(text, &request)) << text;
  std::map<std::string, std::string> fields;
  CollectSlowly(request, "", fields);
  const RequestIdentity identity = IdentityOf(request, "cardiff");
  EXPECT_TRUE(identity.named);
  const std::string kept = absl::StrJoin(fields, ",", absl::PairFormatter("="));
  EXPECT_TRUE(IsOk(CheckSameContent(identity, {kept, ""}))) << text;
  // And another than that is another.
  for (const auto& [path, hash] : fields) {
    std::map<std::string, std::string> others = fields;
    others.erase(path);
    const std::string other = absl::StrJoin(others, ",", absl::PairFormatter("="));
    EXPECT_TRUE(IsRefused(CheckSameContent(identity, {other, ""}), Reason::kRequestIdReused)) << text << path;
    if (hash.empty()) continue;
    others[path] = "0123456789abcdef";
    const absl::Status status = CheckSameContent(identity, {absl::StrJoin(others, ",", absl::PairFormatter("=")), ""});
    EXPECT_TRUE(IsRefused(status, Reason::kRequestIdReused)) << text << path;
    EXPECT_NE(status.message().find(": " + path + " differ"), absl::string_view::npos) << status;
  }
}

TEST(Identity, KnowsWhatTheFirstReleaseKept) {
  ExpectAsSlowly<v1::PostEntryRequest>("request_id: 'a'");
  ExpectAsSlowly<v1::PostEntryRequest>(
      "parent: 'schemes/cardiff' kind: KIND_GIFT from_account: 'a' to_account: 'b' amount: -9223372036854775808 "
      "note: 'Si\\303\\242n\\'s \\\"lawn\\\" \\n\\t\\\\ \\001\\377' request_id: 'a' validate_only: true actor: 'c'");
  ExpectAsSlowly<v1::PostEntryRequest>("override { actor: 'coordinators/cara' reason: 'lift' } request_id: 'a'");
  ExpectAsSlowly<v1::HoldEntryRequest>("hold_for { seconds: 5 nanos: 1 } amount: 1 request_id: 'a'");
  ExpectAsSlowly<v1::HoldEntryRequest>("hold_for { } request_id: 'a'");
  ExpectAsSlowly<v1::CreateMemberRequest>(
      "member { display_name: 'Ana' languages: 'Welsh' languages: 'English' capacity: 2 "
      "needs { category: 'shopping' settings: SETTING_PHONE settings: SETTING_HOME } } request_id: 'a'");
}

TEST(Identity, KnowsARequestByItsIdItsKindAndItsScheme) {
  v1::PostEntryRequest request;
  EXPECT_FALSE(IdentityOf(request, "cardiff").named);
  request.set_request_id("a");
  const RequestIdentity identity = IdentityOf(request, "cardiff");
  EXPECT_EQ(IdentityOf(request, "cardiff").key, identity.key);
  EXPECT_NE(IdentityOf(request, "leith").key, identity.key);
  request.set_request_id("b");
  EXPECT_NE(IdentityOf(request, "cardiff").key, identity.key);
  v1::HoldEntryRequest other;
  other.set_request_id("a");
  EXPECT_NE(IdentityOf(other, "cardiff").key, identity.key);
}

// Bytes on disk: if this test fails, the code is wrong, not the bytes.
TEST(Identity, HasTheBytesThatTheDrawingSays) {
  v1::PostEntryRequest request;
  request.set_request_id("a");
  request.set_amount(5);
  request.mutable_override()->set_actor("coordinators/cara");
  const std::string amount(AsView(Sha256({"5"})).substr(0, 8));
  const std::string actor(AsView(Sha256({"\"coordinators/cara\""})).substr(0, 8));
  const std::string all = "\x01\x05" + amount + "\x81\x07" + "\x02\x07\x01" + actor;
  EXPECT_EQ(IdentityOf(request, "cardiff").content, "\x01" + std::string(AsView(Sha256({all})).substr(0, 8)) +
                                                        "\x01\x05" + amount.substr(0, 2) + "\x81\x07" + "\x02\x07\x01" +
                                                        actor.substr(0, 2));
}

TEST(Identity, OfAnItemDoesNotDependOnItsGroup) {
  v1::BatchItem item;
  item.set_amount(3);
  const RequestIdentity alone = IdentityOf(item, "cardiff", "a", "group");
  item.set_group(7);
  EXPECT_EQ(IdentityOf(item, "cardiff", "a", "group").content, alone.content);
  EXPECT_NE(IdentityOf(item, "cardiff", "a", "").content, alone.content);
}

TEST(Identity, SaysWhichFieldsDiffer) {
  v1::PostEntryRequest request;
  request.set_request_id("a");
  request.set_amount(1);
  request.set_note("x");
  const RequestIdentity before = IdentityOf(request, "cardiff");
  const Remembered remembered{before.content, ""};
  EXPECT_TRUE(IsOk(CheckSameContent(before, remembered)));
  request.set_amount(2);
  request.clear_note();
  request.set_actor("coordinators/cara");
  const absl::Status status = CheckSameContent(IdentityOf(request, "cardiff"), remembered);
  EXPECT_TRUE(IsRefused(status, Reason::kRequestIdReused));
  EXPECT_NE(status.message().find("actor, amount, note"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace turnabout
