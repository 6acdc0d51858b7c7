#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "clients/cli/files.h"
#include "clients/cli/proof_file.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/journal_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

std::string TimeText(int64_t micros) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixMicros(micros), absl::UTCTimeZone());
}

// A member's id, or which of the scheme's own accounts.
std::string OwnerText(const IdBytes& owner) {
  constexpr absl::string_view kOwn[] = {"", "pot", "opening", "clearing", "expiry"};
  IdBytes start = owner;
  start[15] = 0;
  const bool own = start == IdBytes{} && owner[15] >= 1 && owner[15] <= 4;
  return own ? std::string(kOwn[owner[15]]) : IdBytesToText(owner);
}

// "posted", or what else the entry did.
std::string StateText(uint8_t state) {
  constexpr absl::string_view kStates[] = {"", "held", "posted", "voided", "expired"};
  return state < 5 ? std::string(kStates[state]) : absl::StrCat("state ", state);
}

void ShowProven(Session& session, const ProvenEntry& entry, const EntryProof& proof) {
  const v1::Unit unit = entry.unit == 2 ? v1::UNIT_TURNS : v1::UNIT_MINUTES;
  ShowFields(session.out(),
             {{"entry", IdBytesToText(entry.id)},
              {"number", absl::StrCat(entry.number, " of scheme ", entry.scheme)},
              {"amount", absl::StrCat(AmountInWords(unit, entry.amount), ", ", StateText(entry.state))},
              {"from", OwnerText(entry.from)},
              {"to", OwnerText(entry.to)},
              {"written", TimeText(entry.time_micros)},
              {"in block",
               absl::StrCat(Grouped(static_cast<int64_t>(entry.block)), ", sealed ", TimeText(entry.block_micros))},
              {"head", absl::StrCat("block ", Grouped(static_cast<int64_t>(proof.head.block)))},
              {"head hash", ToHex(proof.head.hash)},
              {"signed by", BytesToHex(proof.head.public_key)}},
             2);
}

// Fetches the headers that did not fit in the first answer.
absl::Status CompleteHeaders(Session& session, v1::GetEntryProofResponse& response) {
  v1::EntryProof& proof = *response.mutable_proof();
  while (response.block() + proof.headers_size() <= proof.head().block()) {
    v1::ListBlockHeadersRequest request;
    request.set_first_block(response.block() + proof.headers_size());
    request.set_last_block(proof.head().block());
    ASSIGN_OR_RETURN(const v1::ListBlockHeadersResponse more,
                     session.api().Call(&v1::JournalService::Stub::ListBlockHeaders, request, kLongDeadline));
    if (more.headers_size() == 0) return absl::DataLossError("The server gives fewer headers than lead to its head.");
    for (const std::string& header : more.headers()) proof.add_headers(header);
  }
  return absl::OkStatus();
}

absl::Status ProveEntry(Session& session) {
  v1::GetEntryProofRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("entries", session.command().argument()));
  ASSIGN_OR_RETURN(v1::GetEntryProofResponse response,
                   session.api().Call(&v1::JournalService::Stub::GetEntryProof, request, kLongDeadline));
  RETURN_IF_ERROR(CompleteHeaders(session, response));
  const std::string text = ToJson(response.proof());
  EntryProof proof;
  ASSIGN_OR_RETURN(const ProvenEntry proven, CheckProofText(text, {}, proof));
  const std::string& out = session.flag("out");
  if (out.empty()) {
    session.out() << text << "\n";
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WriteFile(out, absl::StrCat(text, "\n")));
  session.out() << "The proof is in " << out << ".\n";
  ShowProven(session, proven, proof);
  session.SuggestNext(absl::StrCat("proof check ", out, " --key ", BytesToHex(proof.head.public_key)));
  return absl::OkStatus();
}

absl::Status CheckProof(Session& session) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(session.command().argument()));
  const Anchor anchor{session.flag("head"), session.flag("key")};
  EntryProof proof;
  ASSIGN_OR_RETURN(const ProvenEntry proven, CheckProofText(text, anchor, proof));
  const bool anchored = !anchor.head.empty() || !anchor.key.empty();
  if (session.json()) {
    session.out() << absl::StrFormat(
        "{\"entry\": \"%s\", \"block\": %d, \"headHash\": \"%s\", \"publicKey\": \"%s\", \"anchored\": %s}\n",
        IdBytesToText(proven.id), proven.block, ToHex(proof.head.hash), BytesToHex(proof.head.public_key),
        anchored ? "true" : "false");
    return absl::OkStatus();
  }
  session.out() << (anchored ? "The entry is in the journal.\n" : "The entry is in a journal that this key signed.\n");
  ShowProven(session, proven, proof);
  if (!anchored) {
    session.Note("That it is the right journal, only a head or a key from elsewhere can say: give --head or --key.");
  }
  return absl::OkStatus();
}

absl::Status ShowHead(Session& session) {
  ASSIGN_OR_RETURN(const v1::GetHeadResponse response,
                   session.api().Call(&v1::JournalService::Stub::GetHead, v1::GetHeadRequest()));
  session.Answer(response, [&] {
    const v1::SignedHead& head = response.head();
    session.out() << "The journal ends in block " << Grouped(head.block()) << ".\n";
    ShowFields(session.out(),
               {{"revision", Grouped(head.revision())},
                {"sealed", TimeText(head.time_micros())},
                {"hash", head.hash()},
                {"key", head.public_key()},
                {"signature", head.signature()}},
               2);
  });
  return absl::OkStatus();
}

absl::Status CreateBackup(Session& session) {
  v1::CreateBackupRequest request;
  const std::string& to = session.flag("to");
  if (to.empty()) return absl::InvalidArgumentError("Say where to.\n  Write: turnabout backup create --to /DIR");
  request.set_path(to);
  ASSIGN_OR_RETURN(const v1::CreateBackupResponse response,
                   session.api().Call(&v1::JournalService::Stub::CreateBackup, request, kLongDeadline));
  session.Answer(response, [&] {
    const int64_t all = response.head().block();
    session.out() << "The backup in " << to << " holds " << Count(all, "block", "blocks") << ", of which "
                  << Grouped(response.added_block_count()) << " came now.\n";
    ShowFields(session.out(),
               {{"written", Count(response.added_byte_count(), "byte", "bytes")},
                {"head hash", response.head().hash()},
                {"signed by", response.head().public_key()}},
               2);
  });
  if (!session.json()) session.Note(absl::StrCat("  Next: turnaboutd backup verify ", to));
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> JournalVerbs() {
  return {
      {.path = "entry prove",
       .summary = "A proof that an entry is in the journal, for others to check.",
       .example = "turnabout entry prove 01jd3v9k6t0000000000000000 --out proof.json",
       .arguments = {{"entry", "Its id."}},
       .flags = {{"out", "FILE", "Where to write it; otherwise it is printed."}},
       .run = ProveEntry},
      {.path = "proof check",
       .summary = "Check a proof. Asks no server.",
       .example = "turnabout proof check proof.json --key 5f0c…",
       .arguments = {{"file", "What entry prove wrote; - for standard input."}},
       .flags = {{"head", "HASH", "A head that you have from elsewhere, at or after the entry's block."},
                 {"key", "PUBLIC", "The server's public key, from elsewhere."}},
       .run = CheckProof},
      {.path = "journal head",
       .summary = "The journal's signed head: keep or publish it, and later proofs can be held against it.",
       .example = "turnabout journal head",
       .run = ShowHead},
      {.path = "backup create",
       .summary = "Copy the journal into a folder on the server's machine, or add what is new.",
       .example = "turnabout backup create --to /var/backups/turnabout",
       .flags = {{"to", "DIR", "An absolute path there: new, empty, or an earlier backup."}},
       .run = CreateBackup},
  };
}

}  // namespace turnabout::cli
