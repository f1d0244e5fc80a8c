// Reads messages in the wire format of Protocol Buffers
// (https://protobuf.dev/programming-guides/encoding), field by field.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/core/error.h"

namespace lanegrad {

// Nothing is allocated, and messages in messages are spans of the outer one's bytes.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  // Goes to the next field; returns false at the end. Throws CorruptData where the bytes are no
  // message.
  bool next() {
    if (bytes_.empty()) return false;
    const std::uint64_t tag = varint();
    kind_ = static_cast<int>(tag & 7);
    if (tag >> 3 == 0 || tag >> 3 >= std::uint64_t{1} << 29) refuse("a field without a number");
    field_ = static_cast<int>(tag >> 3);
    content_ = {};
    whole_ = 0;
    if (kind_ == kVarint) {
      whole_ = varint();
    } else if (kind_ == kLengthDelimited) {
      content_ = take(varint());
    } else if (kind_ == kFixed32 || kind_ == kFixed64) {
      content_ = take(kind_ == kFixed32 ? 4 : 8);
      for (std::size_t i = 0; i < content_.size(); ++i) {
        whole_ |= std::uint64_t{content_[i]} << (8 * i);
      }
    } else {
      refuse("a field of the kind ", kind_);
    }
    return true;
  }

  int field() const { return field_; }
  bool is_content() const { return kind_ == kLengthDelimited; }
  // The field as a whole number.
  std::int64_t whole() const {
    if (kind_ != kVarint) refuse("field ", field_, " that is no whole number");
    return static_cast<std::int64_t>(whole_);
  }
  // The field as a number of 32 bits.
  float number() const {
    if (kind_ != kFixed32) refuse("field ", field_, " that is no number");
    return std::bit_cast<float>(static_cast<std::uint32_t>(whole_));
  }
  // The field as bytes, text or a message.
  std::span<const std::uint8_t> content() const {
    if (kind_ != kLengthDelimited) refuse("field ", field_, " that is no message");
    return content_;
  }
  std::string_view text() const {
    const auto bytes = content();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // Calls take(number) for each whole number of a repeated field, which may be packed.
  template <class Take>
  void each_whole(Take take) const {
    if (kind_ == kVarint) return take(static_cast<std::int64_t>(whole_));
    for (ProtobufReader packed(content()); !packed.bytes_.empty();) {
      take(static_cast<std::int64_t>(packed.varint()));
    }
  }

 private:
  static constexpr int kVarint = 0;
  static constexpr int kFixed64 = 1;
  static constexpr int kLengthDelimited = 2;
  static constexpr int kFixed32 = 5;

  template <class... Pieces>
  [[noreturn]] static void refuse(const Pieces&... pieces) {
    fail(ErrorCode::CorruptData, "onnx: ", pieces..., ", expected protobuf as in onnx.proto");
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) refuse("the end of the file within a number");
      const std::uint8_t byte = bytes_[0];
      bytes_ = bytes_.subspan(1);
      value |= std::uint64_t{byte & 127U} << shift;
      if (byte < 128) return value;
    }
    refuse("a number of more than 64 bits");
  }
  std::span<const std::uint8_t> take(std::uint64_t size) {
    if (size > bytes_.size()) refuse("the end of the file within a field");
    const auto taken = bytes_.first(static_cast<std::size_t>(size));
    bytes_ = bytes_.subspan(static_cast<std::size_t>(size));
    return taken;
  }

  std::span<const std::uint8_t> bytes_;
  std::span<const std::uint8_t> content_;
  std::uint64_t whole_ = 0;
  int kind_ = 0;
  int field_ = 0;
};

}  // namespace lanegrad
