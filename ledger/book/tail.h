// A Tail is a long sequence that grows at its end and is forgotten from its front. What is in it never moves, and one
// thread may add to the end while others read what was there before.
#ifndef TURNABOUT_LEDGER_BOOK_TAIL_H_
#define TURNABOUT_LEDGER_BOOK_TAIL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace turnabout {

// Threads: one writer. Readers may read places that they were told of by the writer; ForgetBefore and Clear not
// meanwhile.
template <typename T>
class Tail {
 public:
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }

  // REQUIRES: begin() <= place < end().
  const T& operator[](uint64_t place) const { return (*ChunkOf(place))[place % kChunk]; }

  void Add(const T& value) {
    std::unique_ptr<Level>& level = levels_[end_ / (kChunk * kLevel) % kLevels];
    if (level == nullptr) level = std::make_unique<Level>();
    std::unique_ptr<Chunk>& chunk = (*level)[end_ / kChunk % kLevel];
    if (chunk == nullptr) chunk = NewChunk();
    (*chunk)[end_ % kChunk] = value;
    ++end_;
  }

  // Forgets everything from `place` on. REQUIRES: begin() <= place <= end().
  void ForgetFrom(uint64_t place) { end_ = place; }

  // Forgets everything before `place`. REQUIRES: begin() <= place <= end().
  void ForgetBefore(uint64_t place) {
    for (uint64_t at = begin_ / kChunk; at < place / kChunk; ++at) {
      spare_.push_back(std::move((*levels_[at / kLevel % kLevels])[at % kLevel]));
    }
    begin_ = place;
  }

  // As new.
  void Clear() {
    for (std::unique_ptr<Level>& level : levels_) level.reset();
    begin_ = 0;
    end_ = 0;
  }

 private:
  // Two levels, the upper of a fixed size, so that nothing a reader looks at is ever moved to make room.
  static constexpr uint64_t kChunk = 1024;
  static constexpr uint64_t kLevel = 4096;
  static constexpr uint64_t kLevels = 4096;  // 17 billion in all
  using Chunk = std::array<T, kChunk>;
  using Level = std::array<std::unique_ptr<Chunk>, kLevel>;

  // One that was used before where there is one: fresh memory costs more than what is written into it.
  std::unique_ptr<Chunk> NewChunk() {
    if (spare_.empty()) return std::make_unique<Chunk>();
    std::unique_ptr<Chunk> chunk = std::move(spare_.back());
    spare_.pop_back();
    return chunk;
  }

  const Chunk* ChunkOf(uint64_t place) const {
    return (*levels_[place / (kChunk * kLevel) % kLevels])[place / kChunk % kLevel].get();
  }

  std::vector<std::unique_ptr<Level>> levels_ = std::vector<std::unique_ptr<Level>>(kLevels);
  std::vector<std::unique_ptr<Chunk>> spare_;
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_TAIL_H_
