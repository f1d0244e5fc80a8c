// Gives a target inputs. With libFuzzer (LANEGRAD_LIBFUZZER) that chooses them, and
// `--seeds=FOLDER` writes those to begin with; else `TARGET [SECONDS]` changes these at random, the
// same in every run, and counts what was taken.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>

#include "engine/core/error.h"
#include "engine/core/random.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

void require(bool holds, std::string_view sentence) {
  if (holds) return;
  std::fprintf(stderr, "taken, although %.*s\n", static_cast<int>(sentence.size()),
               sentence.data());
  std::abort();
}

namespace {

// Whether the input is taken. Ends the program where it is neither taken nor refused in one
// sentence.
bool is_taken(std::span<const std::uint8_t> input) {
  try {
    take(input);
    return true;
  } catch (const Error& error) {
    const bool known =
        error.code() != ErrorCode::Internal && error.code() != ErrorCode::InvalidState;
    if (known && !error.message().empty() && error.message().size() < 5000) return false;
    std::fprintf(stderr, "refused with %s\n", error.what());
    std::abort();
  }
}

}  // namespace

}  // namespace lanegrad::fuzz

using namespace lanegrad::fuzz;

#ifdef LANEGRAD_LIBFUZZER

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    const std::string argument = (*argv)[i];
    if (!argument.starts_with("--seeds=")) continue;
    int number = 0;
    for (const Bytes& seed : seeds()) {
      std::ofstream file(argument.substr(8) + "/seed" + std::to_string(number++), std::ios::binary);
      file.write(reinterpret_cast<const char*>(seed.data()),
                 static_cast<std::streamsize>(seed.size()));
    }
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  is_taken({data, size});
  return 0;
}

#else

namespace {

// The last input, which is kept where the program ends over it.
Bytes input;

void keep_input() {
  std::ofstream file("fuzz-input", std::ios::binary);
  file.write(reinterpret_cast<const char*>(input.data()),
             static_cast<std::streamsize>(input.size()));
}

// Changes one to four places: a bit, a byte, a number's edge, a piece that is doubled, left out or
// another seed's.
Bytes changed(const std::vector<Bytes>& all, lanegrad::Random& random) {
  const auto below = [&](std::size_t end) { return random.below(static_cast<std::uint32_t>(end)); };
  Bytes bytes = all[below(all.size())];
  for (std::uint32_t changes = 1 + random.below(4); changes > 0 && !bytes.empty(); --changes) {
    const std::size_t at = below(bytes.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(16, bytes.size() - at));
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(length);
    constexpr std::uint8_t kEdges[] = {0, 1, 0x7F, 0x80, 0xFF};
    switch (random.below(6)) {
      case 0:
        *begin ^= static_cast<std::uint8_t>(1U << random.below(8));
        break;
      case 1:
        *begin = static_cast<std::uint8_t>(random.below(256));
        break;
      case 2:
        *begin = kEdges[random.below(5)];
        break;
      case 3: {
        const Bytes piece(begin, end);
        bytes.insert(begin, piece.begin(), piece.end());
        break;
      }
      case 4:
        bytes.erase(begin, end);
        break;
      default: {
        const Bytes& other = all[below(all.size())];
        if (other.empty()) break;
        const std::size_t from = below(other.size());
        const std::size_t count = std::min(length, other.size() - from);
        std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(from), std::min(count, length),
                    begin);
      }
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate([] {
    keep_input();
    std::abort();
  });
  std::signal(SIGABRT, [](int) { keep_input(); });
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  const std::vector<Bytes> all = seeds();
  for (std::size_t i = 0; i < all.size(); ++i) {
    input = all[i];
    if (is_taken(input)) continue;
    try {
      take(input);
    } catch (const lanegrad::Error& error) {
      std::fprintf(stderr, "seed %zu is refused: %s\n", i, error.what());
    }
    return 1;
  }
  lanegrad::Random random(20);
  const auto begin = std::chrono::steady_clock::now();
  const auto is_over = [&] {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    return passed.count() >= seconds;
  };
  std::size_t runs = 0;
  std::size_t taken = 0;
  while (!is_over()) {
    input = changed(all, random);
    ++runs;
    if (is_taken(input)) ++taken;
  }
  std::printf("%zu seeds, %zu inputs, %zu of them taken\n", all.size(), runs, taken);
  return 0;
}

#endif
