// Messages in the wire format of Protocol Buffers
// (https://protobuf.dev/programming-guides/encoding): fields one after the other, each with its
// number and the way in which it is written.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lanegrad {

class ProtobufMessage {
 public:
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

  ProtobufMessage& whole(int field, std::int64_t value) {
    tag(field, kVarint);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  ProtobufMessage& number(int field, float value) {
    tag(field, kFixed32);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes_.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
    return *this;
  }
  ProtobufMessage& content(int field, std::span<const std::uint8_t> bytes) {
    tag(field, kLengthDelimited);
    varint(bytes.size());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ProtobufMessage& text(int field, std::string_view text) {
    return content(field, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  ProtobufMessage& message(int field, const ProtobufMessage& inner) {
    return content(field, inner.bytes_);
  }

 private:
  static constexpr int kVarint = 0;
  static constexpr int kLengthDelimited = 2;
  static constexpr int kFixed32 = 5;

  void tag(int field, int type) { varint(static_cast<std::uint64_t>(field << 3 | type)); }
  // Seven bits a byte, the lowest first; the eighth says that more follow.
  void varint(std::uint64_t value) {
    for (; value > 127; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 128));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace lanegrad
