// A number for each channel of an image, or one for all of its numbers.
#pragma once

#include <array>
#include <span>
#include <string>

#include "engine/core/shape.h"
#include "engine/core/text.h"

namespace lanegrad {

class PerChannel {
 public:
  // The most channels: red, green and blue.
  static constexpr Index kMost = 3;

  // One number for all.
  PerChannel(double value) : values_{value} {}
  // The same number for each of `channels`, of which there are 1 to 3.
  PerChannel(Index channels, double value) : count_(channels) {
    for (Index i = 0; i < channels; ++i) values_[static_cast<std::size_t>(i)] = value;
  }

  Index count() const { return count_; }
  std::span<double> values() { return {values_.data(), static_cast<std::size_t>(count_)}; }
  std::span<const double> values() const {
    return {values_.data(), static_cast<std::size_t>(count_)};
  }
  // The number of a channel.
  double operator[](Index channel) const {
    return values_[static_cast<std::size_t>(count_ == 1 ? 0 : channel)];
  }
  // [] for one number, [3] for three: what files have.
  Shape shape() const { return count_ == 1 ? Shape{} : Shape{count_}; }
  // "0.5"; "[0.5, 0.4, 0.3]" for three.
  std::string text() const {
    if (count_ == 1) return str(values_[0]);
    std::string out;
    for (const double value : values()) out += str(out.empty() ? "[" : ", ", value);
    return out + "]";
  }
  bool operator==(const PerChannel&) const = default;

 private:
  std::array<double, kMost> values_ = {};
  Index count_ = 1;
};

}  // namespace lanegrad
