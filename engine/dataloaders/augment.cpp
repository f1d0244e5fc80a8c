// Draws warps and turns them into affine maps. All operations are ones that IEEE 754 rounds
// exactly, since libm's sine differs in its last bit between platforms.
#include "engine/dataloaders/augment.h"

#include <cmath>

#include "engine/core/error.h"
#include "engine/core/random.h"

namespace lanegrad {

namespace {

// The words of the random generator that are set apart for each sample.
constexpr std::uint64_t kWords = 8;

struct Direction {
  double sin;
  double cos;
};

// The sine and cosine of an angle: Taylor's series within 45 degrees of a multiple of 90 degrees;
// the multiples themselves are exact.
Direction direction_of(double degrees) {
  constexpr double kRadians = 0.0174532925199432957692;  // π / 180
  const double quarters = std::round(degrees / 90);
  const double angle = (degrees - 90 * quarters) * kRadians;
  const double square = angle * angle;
  double sin = 1;
  double cos = 1;
  // The terms left out are below 2^-54.
  for (int k = 8; k >= 1; --k) {
    sin = 1 - square / (2 * k * (2 * k + 1)) * sin;
    cos = 1 - square / ((2 * k - 1) * 2 * k) * cos;
  }
  Direction direction{angle * sin, cos};
  const int turns = static_cast<int>(quarters) & 3;
  for (int i = 0; i < turns; ++i) direction = {direction.cos, -direction.sin};
  return direction;
}

void check_strength(const char* name, double value, bool fits, const char* expected) {
  if (!fits)
    fail(ErrorCode::InvalidArgument, "augmentation: ", name, " ", value, ", expected ", expected);
}

}  // namespace

std::vector<Setting> settings_of(Augmentation& augmentation) {
  static constexpr Range kTurn{"0 to 180", 0, 180, true, true};
  static constexpr Range kLean{"at least 0 and below 90", 0, 90};
  return {{.key = "shift",
           .group = "augment",
           .title = "shift",
           .placeholder = "PIXELS",
           .help = "The most pixels by which an image is shifted, in each direction.",
           .images_only = true,
           .range = &kRate,
           .value = &augmentation.shift},
          {.key = "rotation",
           .group = "augment",
           .title = "rotation",
           .placeholder = "DEGREES",
           .help = "The most degrees by which an image is rotated, either way.",
           .images_only = true,
           .range = &kTurn,
           .value = &augmentation.rotation},
          {.key = "scale",
           .group = "augment",
           .title = "scale",
           .placeholder = "SHARE",
           .help = "The most by which an image is scaled: 0.1 makes it up to a tenth larger or "
                   "smaller.",
           .images_only = true,
           .range = &kBelowOne,
           .value = &augmentation.scale},
          {.key = "shear",
           .group = "augment",
           .title = "shear",
           .placeholder = "DEGREES",
           .help = "The most degrees by which an image's upright lines are made to lean, either "
                   "way.",
           .images_only = true,
           .range = &kLean,
           .value = &augmentation.shear}};
}

void check(const Augmentation& a) {
  check_strength("shift", a.shift, a.shift >= 0 && std::isfinite(a.shift),
                 "a finite number of pixels of at least 0");
  check_strength("rotation", a.rotation, a.rotation >= 0 && a.rotation <= 180, "0 to 180 degrees");
  check_strength("scale", a.scale, a.scale >= 0 && a.scale < 1,
                 "a share of at least 0 and below 1");
  check_strength("shear", a.shear, a.shear >= 0 && a.shear < 90, "at least 0 and below 90 degrees");
}

Warp draw_warp(const Augmentation& a, std::uint64_t seed, Index epoch, std::uint32_t sample) {
  const std::uint64_t place = static_cast<std::uint64_t>(epoch) << 32 | sample;
  Random random = Random::from_state(
      {.seed = seed, .stream = streams::kAugmentation, .position = kWords * place});
  const auto within = [&](double most) { return random.uniform(-most, most); };
  // All of them are always drawn, and in this order, so that none depends on the strengths of the
  // others.
  Warp warp;
  warp.shift_x = within(a.shift);
  warp.shift_y = within(a.shift);
  warp.rotation = within(a.rotation);
  warp.scale = 1 + within(a.scale);
  warp.shear = within(a.shear);
  return warp;
}

Affine affine_of(const Warp& warp, Index h, Index w) {
  const auto [sin, cos] = direction_of(warp.rotation);
  const Direction lean = direction_of(warp.shear);
  const double tan = lean.sin / lean.cos;
  // The map goes backwards: a pixel of the result is unshifted, unscaled, rotated back and made
  // upright.
  const double xx = (cos + tan * sin) / warp.scale;
  const double xy = (sin - tan * cos) / warp.scale;
  const double yx = -sin / warp.scale;
  const double yy = cos / warp.scale;
  const double middle_x = static_cast<double>(w - 1) / 2;
  const double middle_y = static_cast<double>(h - 1) / 2;
  const double from_x = middle_x + warp.shift_x;
  const double from_y = middle_y + warp.shift_y;
  const auto real = [](double x) { return static_cast<Real>(x); };
  return {.xx = real(xx),
          .xy = real(xy),
          .x0 = real(middle_x - xx * from_x - xy * from_y),
          .yx = real(yx),
          .yy = real(yy),
          .y0 = real(middle_y - yx * from_x - yy * from_y)};
}

}  // namespace lanegrad
