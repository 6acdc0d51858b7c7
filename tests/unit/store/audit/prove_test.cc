#include "store/audit/prove.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "base/reason.h"
#include "store/journal/key_file.h"
#include "tests/support/books.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

struct History {
  Books books;
  SigningKey key = SigningKey::Draw();
  std::vector<Entry> entries;

  // A block with three entries in it, then `more` blocks of one.
  explicit History(int more) {
    const OwnerId ana = books.Member();
    const OwnerId ben = books.Member();
    for (int i = 0; i <= more; ++i) {
      std::vector<Draft> drafts;
      for (int j = 0; j < (i == 0 ? 3 : 1); ++j) drafts.push_back(books.Help(ben, ana, 30 + j));
      const auto posted = books.Post(drafts);
      EXPECT_TRUE(IsOk(posted));
      entries.insert(entries.end(), posted->begin(), posted->end());
    }
  }

  EntryProof Prove(const Entry& entry) {
    const uint64_t sequence = books.book->FindEntry(entry.id, Layer::kDurable)->sequence;
    absl::StatusOr<EntryProof> proof = ProveRecord(books.store->journal(), sequence, books.store->head());
    EXPECT_TRUE(IsOk(proof));
    SignHead(key, proof->head);
    return *proof;
  }
};

TEST(ProveRecord, ProvesEveryEntry) {
  History history(9);
  for (const Entry& entry : history.entries) {
    const absl::StatusOr<ProvenEntry> proven = CheckEntryProof(history.Prove(entry));
    ASSERT_TRUE(IsOk(proven));
    EXPECT_EQ(proven->id, entry.id.bytes());
    EXPECT_EQ(proven->from, entry.from);
    EXPECT_EQ(proven->to, entry.to);
    EXPECT_EQ(proven->amount, entry.amount);
    EXPECT_EQ(proven->number, static_cast<uint64_t>(entry.number));
    EXPECT_EQ(proven->scheme, entry.scheme);
    EXPECT_EQ(proven->state, static_cast<uint8_t>(entry.state));
    EXPECT_EQ(proven->sequence, history.books.book->FindEntry(entry.id, Layer::kDurable)->sequence);
  }
}

TEST(ProveRecord, FindsNothingPastTheHead) {
  History history(1);
  const Head head = history.books.store->head();
  EXPECT_TRUE(IsRefusedFor(ProveRecord(history.books.store->journal(), head.last_sequence + 1, head).status(),
                           Reason::kNotInJournal));
  EXPECT_TRUE(IsRefusedFor(ProveRecord(history.books.store->journal(), 0, head).status(), Reason::kNotInJournal));
}

// Every bit of every part.
TEST(EntryProof, IsRefusedWithAnyBitChanged) {
  History history(4);
  const EntryProof proof = history.Prove(history.entries[1]);
  ASSERT_TRUE(IsOk(CheckEntryProof(proof)));
  ASSERT_EQ(proof.path.size(), 2u);
  int changes = 0;
  const auto refused = [&](const std::function<void(EntryProof&)>& change) {
    EntryProof changed = proof;
    change(changed);
    EXPECT_FALSE(CheckEntryProof(changed).ok()) << "change " << changes;
    ++changes;
  };
  const auto flip_all = [&](size_t bytes, const std::function<uint8_t*(EntryProof&)>& at) {
    for (size_t bit = 0; bit < bytes * 8; ++bit) {
      refused([&](EntryProof& changed) { at(changed)[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8); });
    }
  };
  const auto bytes_of = [](auto& part) { return reinterpret_cast<uint8_t*>(part.data()); };
  flip_all(proof.record.size(), [&](EntryProof& changed) { return bytes_of(changed.record); });
  for (size_t i = 0; i < proof.path.size(); ++i) {
    flip_all(32, [&](EntryProof& changed) { return changed.path[i].data(); });
  }
  for (size_t i = 0; i < proof.headers.size(); ++i) {
    flip_all(104, [&](EntryProof& changed) { return bytes_of(changed.headers[i]); });
  }
  flip_all(8, [](EntryProof& changed) { return reinterpret_cast<uint8_t*>(&changed.index); });
  flip_all(8, [](EntryProof& changed) { return reinterpret_cast<uint8_t*>(&changed.head.block); });
  flip_all(8, [](EntryProof& changed) { return reinterpret_cast<uint8_t*>(&changed.head.last_sequence); });
  flip_all(8, [](EntryProof& changed) { return reinterpret_cast<uint8_t*>(&changed.head.time_micros); });
  flip_all(32, [](EntryProof& changed) { return changed.head.hash.data(); });
  flip_all(32, [](EntryProof& changed) { return changed.head.public_key.data(); });
  flip_all(64, [](EntryProof& changed) { return changed.head.signature.data(); });
  EXPECT_GT(changes, 6000);
}

TEST(EntryProof, IsRefusedWithAPartLeftOutOrAdded) {
  History history(4);
  const EntryProof proof = history.Prove(history.entries[1]);
  const auto refused = [&](const std::function<void(EntryProof&)>& change) {
    EntryProof changed = proof;
    change(changed);
    EXPECT_TRUE(absl::IsDataLoss(CheckEntryProof(changed).status()));
  };
  refused([](EntryProof& changed) { changed.headers.clear(); });
  refused([](EntryProof& changed) { changed.headers.pop_back(); });
  refused([](EntryProof& changed) { changed.headers.erase(changed.headers.begin()); });
  refused([](EntryProof& changed) { changed.headers.erase(changed.headers.begin() + 2); });
  refused([](EntryProof& changed) { changed.headers.push_back(changed.headers.back()); });
  refused([](EntryProof& changed) { changed.path.pop_back(); });
  refused([](EntryProof& changed) { changed.path.push_back(changed.path.back()); });
  refused([](EntryProof& changed) { changed.record.pop_back(); });
  refused([](EntryProof& changed) { changed.record.push_back('\0'); });
}

TEST(EntryProof, OfAnotherEntryHasAnotherPlace) {
  History history(2);
  EntryProof proof = history.Prove(history.entries[1]);
  proof.record = history.Prove(history.entries[0]).record;
  EXPECT_TRUE(absl::IsDataLoss(CheckEntryProof(proof).status()));
}

TEST(KeyFile, IsMadeOnceForItsOwnerAlone) {
  const TemporaryFolder folder(FastPlace());
  const auto made = OpenKeyFile(folder.path());
  ASSERT_TRUE(IsOk(made));
  const auto again = OpenKeyFile(folder.path());
  ASSERT_TRUE(IsOk(again));
  EXPECT_EQ(made->secret(), again->secret());
  EXPECT_EQ(std::filesystem::status(folder.path() + "/KEY").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(KeyFile, IsRefusedWithAnyByteChanged) {
  const TemporaryFolder folder(FastPlace());
  ASSERT_TRUE(IsOk(OpenKeyFile(folder.path())));
  const std::string path = folder.path() + "/KEY";
  const std::string text = ReadWholeFile(path);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] ^= 1;
    WriteWholeFile(path, changed);
    EXPECT_TRUE(IsRefusedFor(OpenKeyFile(folder.path()).status(), Reason::kJournalDamaged)) << i;
  }
  WriteWholeFile(path, "");
  EXPECT_TRUE(IsRefusedFor(OpenKeyFile(folder.path()).status(), Reason::kJournalDamaged));
}

}  // namespace
}  // namespace turnabout
