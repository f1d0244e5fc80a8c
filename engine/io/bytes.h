// Where the bytes of a file come from or go to, so that a file need not be in memory as a whole.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lanegrad {

class ByteSource {
 public:
  virtual std::size_t size() const = 0;
  // Copies the bytes from `begin` on, as many as `to` has room for; all of them are in the source.
  virtual void read(std::size_t begin, std::span<std::uint8_t> to) const = 0;

 protected:
  ~ByteSource() = default;
};

class ByteSink {
 public:
  // Says how many bytes will be written; comes once, before the first of them.
  virtual void begin(std::size_t size) = 0;
  // Takes the next bytes.
  virtual void write(std::span<const std::uint8_t> bytes) = 0;

 protected:
  ~ByteSink() = default;
};

// Bytes in memory, which belong to the caller.
class SpanSource final : public ByteSource {
 public:
  explicit SpanSource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::size_t size() const override { return bytes_.size(); }
  void read(std::size_t begin, std::span<std::uint8_t> to) const override {
    const auto from = bytes_.subspan(begin, to.size());
    std::copy(from.begin(), from.end(), to.begin());
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

class VectorSink final : public ByteSink {
 public:
  void begin(std::size_t size) override { bytes.reserve(size); }
  void write(std::span<const std::uint8_t> more) override {
    bytes.insert(bytes.end(), more.begin(), more.end());
  }

  std::vector<std::uint8_t> bytes;
};

}  // namespace lanegrad
