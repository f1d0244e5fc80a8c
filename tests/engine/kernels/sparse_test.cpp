// The kernels of lists against plain loops, and their products against gemm, over awkward shapes.
#include <algorithm>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

using Entry = SparseRows::Entry;

// Numbers of which about a share of `others` is not `background`, in runs as in pictures.
std::vector<Real> mostly(Real background, double others, Index size) {
  std::vector<Real> x = random_array(static_cast<std::size_t>(size), 5);
  const std::vector<Real> chance = random_array(x.size(), 6);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::abs(chance[i / 3]) > others) x[i] = background;
  }
  return x;
}

// The memory of lists of a matrix [rows, columns].
struct Lists {
  std::vector<std::int32_t> starts, ends;
  std::vector<Entry> entries;
  SparseRows rows;

  Lists(Index rows_, Index columns, Real background)
      : starts(static_cast<std::size_t>(rows_)),
        ends(starts.size()),
        entries(static_cast<std::size_t>(rows_ * columns)),
        rows{rows_, columns, background, starts.data(), ends.data(), entries.data()} {}

  // All entries by row: row, index, value.
  std::vector<Real> all() const {
    std::vector<Real> out;
    for (Index row = 0; row < rows.rows; ++row) {
      for (std::int32_t i = rows.starts[row]; i < rows.ends[row]; ++i) {
        const auto& [index, value] = rows.entries[i];
        out.insert(out.end(), {static_cast<Real>(row), static_cast<Real>(index), value});
      }
    }
    return out;
  }
};

TEST_CASE("lists of rows and of columns equal those of plain loops", "[kernels][sparse]") {
  each_target([] {
    for (const Index columns : {1, 3, 15, 16, 17, 31, 64, 100, 143}) {
      for (const Real background : {Real{0}, Real(-0.4242)}) {
        for (const double others : {0.0, 0.2, 1.0}) {
          const Index rows = 9;
          CAPTURE(columns, background, others);
          GuardedArray<Real> x(mostly(background, others, rows * columns), 1);
          Lists got(rows, columns, background), want(rows, columns, background);
          list_rows(x.data(), 0, 4, got.rows);
          list_rows(x.data(), 4, 5, got.rows);
          reference::list_rows(x.data(), 0, rows, want.rows);
          CHECK(got.all() == want.all());
          Lists across(columns, rows, background), wanted(columns, rows, background);
          list_columns(got.rows, across.rows);
          reference::list_columns(want.rows, wanted.rows);
          CHECK(across.all() == wanted.all());
          CHECK(got.all().size() == across.all().size());
        }
      }
    }
  });
}

TEST_CASE("what is not a number is listed", "[kernels][sparse]") {
  each_target([] {
    std::vector<Real> x(40);
    x[3] = kNan;
    x[35] = kInfinity;
    Lists lists(1, 40, 0);
    list_rows(x.data(), 0, 1, lists.rows);
    REQUIRE(lists.ends[0] == 2);
    CHECK(std::isnan(lists.entries[0].value));
    CHECK(lists.entries[1].value == kInfinity);
  });
}

// b in panels, and background · Σ over b's rows.
struct Right {
  std::vector<Real> packed, base;

  Right(const std::vector<Real>& b, Index rows, Index n, Real background)
      : packed(static_cast<std::size_t>(packed_size(rows, n))), base(static_cast<std::size_t>(n)) {
    GuardedArray<Real> guarded(packed, 0);
    pack_panels(b.data(), rows, n, guarded.data(), base.data());
    CHECK(guarded.intact());
    packed.assign(guarded.span().begin(), guarded.span().end());
    for (Real& sum : base) sum *= background;
  }
};

TEST_CASE("a product by lists is the product", "[kernels][sparse]") {
  each_target([] {
    for (const Index n : {1, 7, 8, 16, 32, 33, 45, 64, 100, 128, 131, 160, 260}) {
      for (const Index m : {1, 16, 19}) {
        for (const Real background : {Real{0}, Real(-0.4242)}) {
          const bool relu = n % 2 == 1;
          const Index k = 50;
          CAPTURE(m, n, background, relu);
          const std::vector<Real> x = mostly(background, 0.2, m * k);
          const std::vector<Real> b = random_array(static_cast<std::size_t>(k * n), 2);
          const std::vector<Real> bias = random_array(static_cast<std::size_t>(n), 3);
          Lists lists(m, k, background);
          list_rows(x.data(), 0, m, lists.rows);
          const Right right(b, k, n, background);
          const std::vector<Real> c(static_cast<std::size_t>(m * n), 7);
          const Tolerance close{.relative = 0, .absolute = 1e-4};
          std::vector<Real> dense = c;
          reference::gemm({.a = x.data(),
                           .b = b.data(),
                           .c = dense.data(),
                           .m = m,
                           .n = n,
                           .k = k,
                           .bias = bias.data(),
                           .relu = relu});
          check_against_twin(
              c, 1, close,
              [&](Real* out) {
                sparse_matmul(lists.rows, right.packed.data(), n, right.base.data(), bias.data(),
                              relu, out);
              },
              [&](Real* out) {
                reference::sparse_matmul(lists.rows, b.data(), n, right.base.data(), bias.data(),
                                         relu, out);
              });
          std::vector<Real> got = c;
          sparse_matmul(lists.rows, right.packed.data(), n, right.base.data(), bias.data(), relu,
                        got.data());
          CHECK(difference(got, dense, close) == "");
        }
      }
    }
  });
}

TEST_CASE("Adam's step with a product by lists has the bits of product and step",
          "[kernels][sparse]") {
  each_target([] {
    for (const Index n : {7, 32, 45, 128, 140}) {
      const Index rows = 21;
      const Index k = 40;
      CAPTURE(n);
      const std::vector<Real> x = mostly(0, 0.2, rows * k);
      const std::vector<Real> b = random_array(static_cast<std::size_t>(k * n), 2);
      Lists lists(rows, k, 0);
      list_rows(x.data(), 0, rows, lists.rows);
      const Right right(b, k, n, 0);
      const AdamUpdate u{0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.2f, 0.3f, 0.99f};
      const auto size = static_cast<std::size_t>(rows * n);
      std::vector<Real> g(size), w = random_array(size, 4), m = random_array(size, 5), v(size, 1);
      std::vector<Real> plain_w = w, plain_m = m, plain_v = v;
      GuardedArray<Real> got_w(w, 1), got_m(m, 2), got_v(v, 3);
      sparse_matmul(lists.rows, right.packed.data(), n, right.base.data(), nullptr, false,
                    g.data());
      adam_update(u, w.data(), g.data(), m.data(), v.data(), rows * n);
      sparse_adam_update(u, lists.rows, right.packed.data(), n, right.base.data(), got_w.data(),
                         got_m.data(), got_v.data());
      reference::sparse_adam_update(u, lists.rows, b.data(), n, right.base.data(), plain_w.data(),
                                    plain_m.data(), plain_v.data());
      CHECK(difference(got_w.span(), w) == "");
      CHECK(difference(got_m.span(), m) == "");
      CHECK(difference(got_v.span(), v) == "");
      const Tolerance close{.relative = 1e-4, .absolute = 1e-5};
      CHECK(difference(got_w.span(), plain_w, close) == "");
      CHECK(difference(got_m.span(), plain_m, close) == "");
      CHECK(difference(got_v.span(), plain_v, close) == "");
      CHECK((got_w.intact() && got_m.intact() && got_v.intact()));
    }
  });
}

}  // namespace
}  // namespace lanegrad::kernels
