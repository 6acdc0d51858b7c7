// The vector path. What stands between the two pragmas is compiled for a processor with AVX2, and run only on one; the
// rest of the build stays as it is. Headers with code come before, so that theirs is not.
#include <algorithm>
#include <bit>
#include <cstdint>

#include "matcher/candidates/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

#include "matcher/candidates/scan_body.h"

namespace turnabout {
namespace {

// The whole part of a 15,625th of each number below 2^32: 2^45 / 15,625 is 2,251,799,813.69, and the rounding up of
// that multiplier adds less than 2^13 / 2^45 of the number, which never reaches the next whole one.
TURNABOUT_INLINE __m256i By15625(__m256i below_2_32) {
  return _mm256_srli_epi64(_mm256_mul_epu32(below_2_32, _mm256_set1_epi64x(2'251'799'814)), 45);
}

// Decimetres along a meridian or the equator for each number of millionths of a degree up to kNearMost:
// e6 * 1,111,949 / 1,000,000 without 64 bits of product.
constexpr int32_t kNearMost = 2'000'000;
static_assert(kDecimetresPerDegree == 1'111'949 && kMillion == 15'625 << 6);
TURNABOUT_INLINE __m256i Decimetres(__m256i e6) {
  const __m256i product = _mm256_mul_epu32(e6, _mm256_set1_epi64x(kDecimetresPerDegree - kMillion));
  return _mm256_add_epi64(e6, By15625(_mm256_srli_epi64(product, 6)));
}

// The cosines of whole degrees, and by how much each is above the next.
struct CosineTable {
  int32_t cosine[92] = {};
  int32_t fall[92] = {};
};
constexpr CosineTable kCosines = [] {
  CosineTable table;
  for (int i = 0; i < 92; ++i) table.cosine[i] = static_cast<int32_t>(kCosine[i]);
  for (int i = 0; i < 91; ++i) table.fall[i] = static_cast<int32_t>(kCosine[i] - kCosine[i + 1]);
  return table;
}();

// CosineOfHalf of each of eight sums of latitudes, from 0 to 180 degrees.
TURNABOUT_INLINE __m256i EightCosines(__m256i twice) {
  const __m256i even = By15625(_mm256_srli_epi64(_mm256_and_si256(twice, _mm256_set1_epi64x(0xffffffff)), 7));
  const __m256i odd = By15625(_mm256_srli_epi64(_mm256_srli_epi64(twice, 32), 7));
  const __m256i degree = _mm256_or_si256(even, _mm256_slli_epi64(odd, 32));
  const __m256i rest = _mm256_sub_epi32(twice, _mm256_mullo_epi32(degree, _mm256_set1_epi32(2 * kMillion)));
  // Neighbours mostly share their degree, and looking up eight numbers takes longer than all the rest.
  const int first = _mm256_extract_epi32(degree, 0);
  const __m256i others = _mm256_xor_si256(degree, _mm256_set1_epi32(first));
  const bool same = _mm256_testz_si256(others, others) != 0;
  const __m256i cosine =
      same ? _mm256_set1_epi32(kCosines.cosine[first]) : _mm256_i32gather_epi32(kCosines.cosine, degree, 4);
  const __m256i fall =
      same ? _mm256_set1_epi32(kCosines.fall[first]) : _mm256_i32gather_epi32(kCosines.fall, degree, 4);
  const __m256i fall_even = By15625(_mm256_srli_epi64(_mm256_mul_epu32(fall, rest), 7));
  const __m256i fall_odd =
      By15625(_mm256_srli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(fall, 32), _mm256_srli_epi64(rest, 32)), 7));
  return _mm256_sub_epi32(cosine, _mm256_or_si256(fall_even, _mm256_slli_epi64(fall_odd, 32)));
}

// SquareOfWay of the even ones of eight ways.
TURNABOUT_INLINE __m256i FourSquares(__m256i north, __m256i east, __m256i cosine) {
  const __m256i low = _mm256_set1_epi64x(0xffffffff);
  const __m256i dy = Decimetres(_mm256_and_si256(north, low));
  const __m256i dx = _mm256_srli_epi64(_mm256_mul_epu32(Decimetres(_mm256_and_si256(east, low)), cosine), kCosineBits);
  return _mm256_add_epi64(_mm256_mul_epu32(dx, dx), _mm256_mul_epu32(dy, dy));
}

// 256 bits in one register.
struct Register {
  __m256i bits;

  // Eight at a time; those that are far away, or over the date line, one by one.
  TURNABOUT_INLINE static void Squares(const Places& places, const Ask& ask, const int32_t* lanes, int count,
                                       int64_t* squared) {
    const __m256i latitude = _mm256_set1_epi32(ask.place.latitude_e6);
    const __m256i longitude = _mm256_set1_epi32(ask.place.longitude_e6);
    int32_t latitudes[scan::kRoom];
    int32_t longitudes[scan::kRoom];
    for (int i = 0; i < count; ++i) {
      latitudes[i] = places.latitude_e6[lanes[i]];
      longitudes[i] = places.longitude_e6[lanes[i]];
    }
    for (int i = count; i % 8 != 0; ++i) {
      latitudes[i] = latitudes[count - 1];
      longitudes[i] = longitudes[count - 1];
    }
    for (int i = 0; i < count; i += 8) {
      const __m256i at = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(latitudes + i));
      const __m256i across = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(longitudes + i));
      const __m256i north = _mm256_abs_epi32(_mm256_sub_epi32(at, latitude));
      const __m256i east = _mm256_abs_epi32(_mm256_sub_epi32(across, longitude));
      const __m256i far = _mm256_cmpgt_epi32(_mm256_max_epi32(north, east), _mm256_set1_epi32(kNearMost));
      if (!_mm256_testz_si256(far, far)) {
        for (int k = i; k < std::min(i + 8, count); ++k) squared[k] = scan::SquareOf(places, ask, lanes[k]);
        continue;
      }
      const __m256i cosine = EightCosines(_mm256_abs_epi32(_mm256_add_epi32(at, latitude)));
      const __m256i even = FourSquares(north, east, cosine);
      const __m256i odd =
          FourSquares(_mm256_srli_epi64(north, 32), _mm256_srli_epi64(east, 32), _mm256_srli_epi64(cosine, 32));
      const __m256i low = _mm256_unpacklo_epi64(even, odd);
      const __m256i high = _mm256_unpackhi_epi64(even, odd);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(squared + i), _mm256_permute2x128_si256(low, high, 0x20));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(squared + i + 4), _mm256_permute2x128_si256(low, high, 0x31));
    }
  }

  TURNABOUT_INLINE static Register Load(const Mask& mask) {
    return {_mm256_load_si256(reinterpret_cast<const __m256i*>(mask.words))};
  }
  TURNABOUT_INLINE static Register None() { return {_mm256_setzero_si256()}; }
  TURNABOUT_INLINE static Register Every() { return {_mm256_set1_epi64x(-1)}; }
  TURNABOUT_INLINE void Store(Mask& mask) const { _mm256_store_si256(reinterpret_cast<__m256i*>(mask.words), bits); }
  TURNABOUT_INLINE Register operator&(const Register& other) const { return {_mm256_and_si256(bits, other.bits)}; }
  TURNABOUT_INLINE Register operator|(const Register& other) const { return {_mm256_or_si256(bits, other.bits)}; }
  TURNABOUT_INLINE Register Without(const Register& other) const { return {_mm256_andnot_si256(other.bits, bits)}; }
};

__attribute__((flatten)) void Filter(const Mask* const* blocks, int count, const Plan& plan, int but, Mask* lanes) {
  scan::Filter<Register>(blocks, count, plan, but, lanes);
}

__attribute__((flatten)) int Count(const Mask& lanes) { return scan::Count(lanes); }

__attribute__((flatten)) void Within(const Places& places, const Ask& ask, Mask& lanes) {
  scan::Within<Register>(places, ask, lanes);
}

__attribute__((flatten)) void Measure(const Places& places, const Ask& ask, const Mask& lanes, int64_t below,
                                      Hits& hits) {
  scan::Measure<Register>(places, ask, lanes, below, hits);
}

__attribute__((flatten)) void Score(const Mask* rows, const Places& places, const Ask& ask, Meet meet,
                                    const Mask& lanes, const ScoreBar& bar, int32_t most_distance, Hits& hits) {
  scan::Score<Register>(rows, places, ask, meet, lanes, bar, most_distance, hits);
}

constexpr ScanOps kVectorOps = {"AVX2", Filter, Count, Within, Measure, Score};

}  // namespace

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const ScanOps* VectorScan() {
  static const bool works = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                            __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  return works ? &kVectorOps : nullptr;
}

}  // namespace turnabout

#else

namespace turnabout {

const ScanOps* VectorScan() { return nullptr; }

}  // namespace turnabout

#endif
