// The native side of `npm run bench -- --native`: the engine's training steps and products and the
// processor's peak, run in slices as the lines on standard input ask for, so that other programs
// can be timed in between. One thread.
//
//   make KEY peak                             answers "ok" or "error: …"
//   make KEY training BATCH IMAGES LABELS NET   two IDX files; NET: a net text
//   make KEY product M K N LAYOUT             LAYOUT: NN, TN (a is stored transposed) or NT
//   run KEY MILLISECONDS                      answers "UNITS SECONDS": flops, samples, products
//   dispose KEY                               answers "ok"
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include "engine/lanegrad.h"
#include "tests/bench/native/peak.h"

namespace {

using lanegrad::Index;

struct Slice {
  double units = 0;
  double seconds = 0;
};

using Runner = std::function<Slice(double milliseconds)>;

// Calls `once`, which says how much it did, for about so long.
Slice repeat(double milliseconds, const std::function<double()>& once) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  Slice slice;
  do {
    slice.units += once();
    slice.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  } while (slice.seconds * 1000 < milliseconds);
  return slice;
}

std::vector<std::uint8_t> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Runner make_peak() {
  return [](double milliseconds) { return repeat(milliseconds, lanegrad::bench::run_peak); };
}

Runner make_training(std::istream& in) {
  std::string text, images, labels;
  Index batch_size = 0;
  in >> batch_size >> images >> labels;
  std::getline(in >> std::ws, text);
  const std::uint64_t seed = 1;
  lanegrad::Random random(seed);
  auto data = lanegrad::parse_idx_images(bytes_of(images), bytes_of(labels), "training");
  std::unique_ptr<lanegrad::Net> net =
      lanegrad::make_net(text, {data->sample_shape(), data->classes}, random);
  auto optimizer = std::make_unique<lanegrad::Adam>(net->tensors(), lanegrad::OptimizerOptions());
  auto trainer = std::make_shared<lanegrad::Trainer>(
      std::move(net), std::move(optimizer),
      std::make_unique<lanegrad::ImageLoader>(data, batch_size, seed), nullptr);
  return [trainer](double milliseconds) {
    return repeat(milliseconds, [&] { return static_cast<double>(trainer->step().samples); });
  };
}

Runner make_product(std::istream& in) {
  Index m = 0, k = 0, n = 0;
  std::string layout;
  in >> m >> k >> n >> layout;
  const lanegrad::Transposed transposed{.a = layout[0] == 'T', .b = layout[1] == 'T'};
  lanegrad::Random random(1);
  const auto a = lanegrad::NdArray::uniform(
      transposed.a ? lanegrad::Shape{k, m} : lanegrad::Shape{m, k}, -1, 1, random);
  const auto b = lanegrad::NdArray::uniform(
      transposed.b ? lanegrad::Shape{n, k} : lanegrad::Shape{k, n}, -1, 1, random);
  return [=](double milliseconds) {
    return repeat(milliseconds, [&] {
      lanegrad::matmul(a, b, transposed);
      return 1.0;
    });
  };
}

Runner make(std::istream& in) {
  std::string kind;
  in >> kind;
  if (kind == "peak") return make_peak();
  if (kind == "training") return make_training(in);
  if (kind == "product") return make_product(in);
  throw std::runtime_error("no such kind of work: " + kind);
}

}  // namespace

int main() {
  std::map<std::string, Runner> runners;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string call, key;
    in >> call >> key;
    try {
      if (call == "make") {
        runners[key] = make(in);
        std::cout << "ok" << std::endl;
      } else if (call == "run") {
        double milliseconds = 0;
        in >> milliseconds;
        const Slice slice = runners.at(key)(milliseconds);
        std::cout << slice.units << ' ' << slice.seconds << std::endl;
      } else if (call == "dispose") {
        runners.erase(key);
        std::cout << "ok" << std::endl;
      }
    } catch (const lanegrad::Error& error) {
      std::cout << "error: " << error.message() << std::endl;
    } catch (const std::exception& error) {
      std::cout << "error: " << error.what() << std::endl;
    }
  }
}
