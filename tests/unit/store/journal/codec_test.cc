#include "store/codec.h"

#include <gtest/gtest.h>

namespace turnabout {
namespace {

TEST(Codec, WritesTheLowestByteFirst) {
  std::string out;
  PutFixed8(out, 0x01);
  PutFixed16(out, 0x0302);
  PutFixed32(out, 0x07060504);
  PutFixed64(out, 0x0f0e0d0c0b0a0908);
  PutBigEndian64(out, 0x1011121314151617);
  for (size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], static_cast<char>(i + 1)) << i;
  EXPECT_EQ(out.size(), 23u);
}

TEST(Codec, ReadsBackWhatItWrote) {
  std::string out;
  PutFixed8(out, 0xff);
  PutFixed16(out, 0xfffe);
  PutFixed32(out, 0xfffffffd);
  PutFixed64(out, 0xfffffffffffffffc);
  PutBigEndian64(out, 0xfffffffffffffffb);
  PutBytes(out, "tail");
  Cursor cursor(out);
  EXPECT_EQ(cursor.Fixed8(), 0xff);
  EXPECT_EQ(cursor.Fixed16(), 0xfffe);
  EXPECT_EQ(cursor.Fixed32(), 0xfffffffd);
  EXPECT_EQ(cursor.Fixed64(), 0xfffffffffffffffc);
  EXPECT_EQ(cursor.BigEndian64(), 0xfffffffffffffffb);
  EXPECT_EQ(cursor.rest(), "tail");
  EXPECT_EQ(cursor.Array<2>(), (std::array<uint8_t, 2>{'t', 'a'}));
  EXPECT_FALSE(cursor.Finished());
  EXPECT_EQ(cursor.Bytes(2), "il");
  EXPECT_TRUE(cursor.Finished());
}

TEST(Codec, NeverPassesTheEndAndStaysFailed) {
  Cursor cursor("abc");
  EXPECT_EQ(cursor.Fixed32(), 0u);
  EXPECT_FALSE(cursor.ok());
  EXPECT_EQ(cursor.remaining(), 0u);
  EXPECT_EQ(cursor.Fixed8(), 0);
  EXPECT_EQ(cursor.Bytes(0), "");
  EXPECT_EQ(cursor.Array<4>(), (std::array<uint8_t, 4>{}));
  EXPECT_FALSE(cursor.Finished());
}

}  // namespace
}  // namespace turnabout
