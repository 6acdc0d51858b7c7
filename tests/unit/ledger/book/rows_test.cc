#include "ledger/book/rows.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace turnabout {
namespace {

constexpr ShelfTable kTable = {"T", RowOrder::kChanging};

IdBytes Counting(uint8_t from) {
  IdBytes bytes;
  for (uint8_t& byte : bytes) byte = from++;
  return bytes;
}

const AccountKey kAccount = {0x01020304, Unit::kTurns, Counting(0x10)};

Entry SampleEntry() {
  Entry entry;
  entry.id = EntryId(Counting(0x00));
  entry.from = Counting(0x10);
  entry.to = Counting(0x20);
  entry.amount = 90;
  entry.time_micros = 0x0011223344556677;
  entry.number = 300;
  entry.scheme = 0x01020304;
  entry.state = EntryState::kHeld;
  entry.related = entry.id;
  return entry;
}

// "key → value" of the only row, in hexadecimal.
std::string HexOf(const RowBatch& rows) {
  EXPECT_EQ(rows.size(), 1u);
  for (const RowOrder order : kRowOrders) {
    for (const RowBatch::Row& row : rows.of(order)) {
      return absl::StrCat(absl::BytesToHexString(rows.key(row)), " → ", absl::BytesToHexString(*rows.value(row)));
    }
  }
  return "";
}

std::string HexOf(std::function<void(RowBatch&)> add) {
  RowBatch rows;
  add(rows);
  return HexOf(rows);
}

constexpr char kEntryHex[] =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
    "5a0000000000000077665544332211002c010000000000000403020101010100"
    "000102030405060708090a0b0c0d0e0f00000000000000000000000000000000"
    "00000000000000000000000000000000";

// Written by hand from the format's drawing. Bytes on disk: if this test fails, the code is wrong, not the bytes.
TEST(Rows, HaveTheBytesThatTheDrawingSays) {
  Accounts::Slot slot;
  slot.key = kAccount;
  slot.opened = 129;
  slot.durable.account = {.posted = -65, .held_out = 1, .held_in = 2, .given = 3, .received = 68, .limits = {-2, 7}};
  EXPECT_EQ(HexOf([&](RowBatch& rows) { AddAccountRow(slot, rows); }),
            "4261"
            "0102030402101112131415161718191a1b1c1d1e1f → "
            "8101"
            "02"
            "04"
            "06"
            "8801"
            "feffffffffffffff"
            "0700000000000000"
            "8101");
  EXPECT_EQ(HexOf([](RowBatch& rows) { AddSchemeRow(kTable, 0x01020304, {300, -65}, rows); }), "5404030201 → ac028101");
  EXPECT_EQ(HexOf([](RowBatch& rows) { AddEntryRow(kTable, SampleEntry(), 129, rows); }),
            absl::StrCat("5401020304000000000000012c → ", kEntryHex, "8101"));
  EXPECT_EQ(HexOf([](RowBatch& rows) { AddNumberRow(kTable, SampleEntry(), rows); }),
            "54000102030405060708090a0b0c0d0e0f → 84868808ac02");
  EXPECT_EQ(HexOf([](RowBatch& rows) {
              AddStatementRow(kTable, kAccount, {{129, 300, {-65, 1, 2}}, {132, 301, {-66, 1, 0}}}, rows);
            }),
            "540102030402101112131415161718191a1b1c1d1e1f0000000000000081 → 00ac0281010204"
            "0301010003");
  EXPECT_EQ(absl::BytesToHexString(TimeRowKey(0x0011223344556677)), "0011223344556677");
  EXPECT_EQ(absl::BytesToHexString(TimeRowValue(129)), "8101");
  EXPECT_EQ(absl::BytesToHexString(HoldRowValue({SampleEntry(), 129, 2})), absl::StrCat(kEntryHex, "810102"));
  EXPECT_EQ(
      absl::BytesToHexString(MarkRowValue({EntryState::kVoided, EntryId(Counting(0x30)), EntryId(Counting(0x40))})),
      "03303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f");
}

// One row as it is kept, and what is read back from any key and value; "" for what nobody wrote.
struct Kept {
  std::string key;
  std::string value;
  std::function<bool(absl::string_view key, absl::string_view value)> read;
};

std::vector<Kept> EveryKind() {
  const auto row = [](std::function<void(RowBatch&)> add) {
    RowBatch rows;
    add(rows);
    const RowBatch::Row& only = rows.of(RowOrder::kChanging)[0];
    return std::make_pair(std::string(rows.key(only)), std::string(*rows.value(only)));
  };
  Accounts::Slot slot;
  slot.key = kAccount;
  const auto account = row([&](RowBatch& rows) { AddAccountRow(slot, rows); });
  const auto scheme = row([](RowBatch& rows) { AddSchemeRow(kTable, 7, {300, -65}, rows); });
  const auto entry = row([](RowBatch& rows) { AddEntryRow(kTable, SampleEntry(), 129, rows); });
  const auto number = row([](RowBatch& rows) { AddNumberRow(kTable, SampleEntry(), rows); });
  const auto statement = row([](RowBatch& rows) {
    AddStatementRow(kTable, kAccount, {{129, 300, {1, 2, 3}}, {140, 310, {-1, 0, 3}}}, rows);
  });
  return {
      {account.first.substr(2), account.second,
       [](absl::string_view key, absl::string_view value) {
         Accounts::Slot read;
         return ReadAccountRow(key, value, read) && read.key == kAccount;
       }},
      {scheme.first.substr(1), scheme.second,
       [](absl::string_view key, absl::string_view value) {
         uint32_t of = 0;
         SchemeBook book;
         return ReadSchemeRow(key, value, of, book) && of == 7 && book.entries == 300 && book.minutes_of_help == -65;
       }},
      {entry.first.substr(1), entry.second,
       [](absl::string_view key, absl::string_view value) {
         Entry read;
         uint64_t sequence = 0;
         return ReadEntryRow(key, value, read, sequence) && read == SampleEntry() && sequence == 129;
       }},
      {"", number.second,
       [](absl::string_view, absl::string_view value) {
         uint32_t of = 0;
         int64_t read = 0;
         return ReadNumberRow(value, of, read) && of == 0x01020304 && read == 300;
       }},
      {statement.first.substr(1), statement.second,
       [](absl::string_view key, absl::string_view value) {
         std::vector<StatementLine> lines;
         return ReadStatementRow(key, value, lines) &&
                lines == std::vector<StatementLine>{{129, 300, {1, 2, 3}}, {140, 310, {-1, 0, 3}}};
       }},
      {TimeRowKey(77), TimeRowValue(129),
       [](absl::string_view key, absl::string_view value) {
         int64_t time = 0;
         uint64_t sequence = 0;
         return ReadTimeRow(key, value, time, sequence) && time == 77 && sequence == 129;
       }},
      {std::string(SampleEntry().id.view()), HoldRowValue({SampleEntry(), 129, 2}),
       [](absl::string_view key, absl::string_view value) {
         OpenHold hold;
         return ReadHoldRow(key, value, hold) && hold.entry == SampleEntry() && hold.sequence == 129 && hold.place == 2;
       }},
      {"", MarkRowValue({EntryState::kPosted, EntryId(Counting(1)), EntryId()}),
       [](absl::string_view, absl::string_view value) {
         EntryMark mark;
         return ReadMarkRow(value, mark) && mark.current == EntryState::kPosted &&
                mark.resolution == EntryId(Counting(1)) && mark.reversal.empty();
       }},
  };
}

TEST(Rows, AreReadBackAsTheyWereAndInNoOtherLength) {
  for (const Kept& kept : EveryKind()) {
    EXPECT_TRUE(kept.read(kept.key, kept.value)) << absl::BytesToHexString(kept.value);
    EXPECT_FALSE(kept.read(kept.key, kept.value + '\0'));
    EXPECT_FALSE(kept.read(kept.key, kept.value.substr(0, kept.value.size() - 1)));
    EXPECT_FALSE(kept.read(kept.key, ""));
    if (kept.key.empty()) continue;
    EXPECT_FALSE(kept.read(kept.key + '\0', kept.value));
    EXPECT_FALSE(kept.read(kept.key.substr(1), kept.value));
  }
}

TEST(Rows, WhatNoBookCouldGoOnFromIsNotRead) {
  const auto account = [](std::function<void(Account&)> change) {
    Accounts::Slot slot, read;
    slot.key = kAccount;
    change(slot.durable.account);
    RowBatch rows;
    AddAccountRow(slot, rows);
    const RowBatch::Row& row = rows.of(RowOrder::kChanging)[0];
    return ReadAccountRow(rows.key(row).substr(2), *rows.value(row), read);
  };
  constexpr int64_t kFar = int64_t{1} << 61;
  EXPECT_TRUE(account([](Account& of) { of.posted = -5; }));
  EXPECT_TRUE(account([](Account& of) { of.limits = {kNoFloor, kNoCeiling}; }));
  EXPECT_FALSE(account([](Account& of) { of.posted = kFar; }));
  EXPECT_FALSE(account([](Account& of) { of.posted = -kFar; }));
  EXPECT_FALSE(account([](Account& of) { of.held_out = -1; }));
  EXPECT_FALSE(account([](Account& of) { of.held_in = -1; }));
  EXPECT_FALSE(account([](Account& of) { of.given = kFar; }));
  EXPECT_FALSE(account([](Account& of) { of.limits = {2, 1}; }));

  const auto hold = [](Entry entry, uint32_t place = 0) {
    OpenHold read;
    return ReadHoldRow(entry.id.view(), HoldRowValue({entry, 1, place}), read);
  };
  Entry posted = SampleEntry(), alone = SampleEntry();
  posted.state = EntryState::kPosted;
  alone.related = EntryId();
  EXPECT_TRUE(hold(SampleEntry()));
  EXPECT_FALSE(hold(posted));
  EXPECT_FALSE(hold(alone));
  EXPECT_FALSE(hold(SampleEntry(), 70'000));
  OpenHold read;
  EXPECT_FALSE(ReadHoldRow(EntryId(Counting(9)).view(), HoldRowValue({SampleEntry(), 1, 0}), read));

  const auto statement = [](std::vector<StatementLine> lines) {
    RowBatch rows;
    AddStatementRow(kTable, kAccount, lines, rows);
    const RowBatch::Row& row = rows.of(RowOrder::kChanging)[0];
    return ReadStatementRow(rows.key(row).substr(1), *rows.value(row), lines);
  };
  EXPECT_TRUE(statement({{1, 1, {-5, 0, 0}}, {2, 2, {}}}));
  EXPECT_FALSE(statement({{1, 1, {kFar, 0, 0}}}));
  EXPECT_FALSE(statement({{1, 1, {0, -1, 0}}}));
  EXPECT_FALSE(statement({{1, 1, {0, 0, -1}}}));
  EXPECT_FALSE(statement({{1, 1, {}}, {1, 2, {}}}));
  EXPECT_FALSE(statement({{2, 1, {}}, {1, 2, {}}}));
  EXPECT_FALSE(statement({{1, 1, {}}, {2, 1, {}}}));
  std::vector<StatementLine> most;
  for (size_t i = 1; i <= kStatementLinesMax; ++i) most.push_back({i, static_cast<int64_t>(i), {}});
  EXPECT_TRUE(statement(most));
  most.push_back({1'000, 1'000, {}});
  EXPECT_FALSE(statement(most));

  EntryMark mark;
  EXPECT_FALSE(ReadMarkRow(MarkRowValue({EntryState{0}, {}, {}}), mark));
  EXPECT_FALSE(ReadMarkRow(MarkRowValue({EntryState{5}, {}, {}}), mark));
}

// However the lines of a statement lie together, they come to the same rows.
TEST(Rows, StatementsUnpackToTheSameRowsHoweverTheyWereCut) {
  std::vector<StatementLine> lines;
  for (size_t i = 1; i <= 20; ++i) lines.push_back({3 * i, static_cast<int64_t>(2 * i), {-7, 1, 0}});
  const auto unpacked = [&](size_t together) {
    std::vector<std::string> all;
    for (size_t at = 0; at < lines.size(); at += together) {
      RowBatch rows;
      AddStatementRow(kTable, kAccount, absl::MakeConstSpan(lines).subspan(at, together), rows);
      const RowBatch::Row& row = rows.of(RowOrder::kChanging)[0];
      UnpackStatementRow(
          rows.key(row).substr(1), *rows.value(row), [&](absl::string_view key, absl::string_view value) {
            EXPECT_EQ(key, StatementRowKey(kAccount, lines[all.size()].sequence));
            all.push_back(absl::StrCat(absl::BytesToHexString(key.substr(21)), " → ", absl::BytesToHexString(value)));
          });
    }
    return all;
  };
  const std::vector<std::string> alone = unpacked(1);
  ASSERT_EQ(alone.size(), lines.size());
  EXPECT_EQ(alone[3], "000000000000000c → 080d0100");
  for (const size_t together : {2u, 7u, 20u}) EXPECT_EQ(unpacked(together), alone);
  std::vector<std::string> odd;
  UnpackStatementRow("no", "statement", [&](absl::string_view key, absl::string_view value) {
    odd.push_back(absl::StrCat(key, " ", value));
  });
  EXPECT_EQ(odd, std::vector<std::string>{"no statement"});
}

}  // namespace
}  // namespace turnabout
