#include "engine/layers/activations.h"

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("activations apply their function to each element", "[layers]") {
  const Tensor x(NdArray::from({1, 3}, {-1, 0, 2}));
  ReLU relu;
  Sigmoid sigmoid;
  Tanh tanh;
  CHECK(values(relu.forward(x).data()) == std::vector<Real>{0, 0, 2});
  CHECK(relative_error(sigmoid.forward(x).data(),
                       NdArray::from({1, 3}, {0.26894142f, 0.5f, 0.88079708f})) < 1e-6);
  CHECK(relative_error(tanh.forward(x).data(),
                       NdArray::from({1, 3}, {-0.76159416f, 0, 0.96402758f})) < 1e-6);
  CHECK(relative_error(LeakyReLU().forward(x).data(), NdArray::from({1, 3}, {-0.01f, 0, 2})) <
        1e-6);
  CHECK(values(LeakyReLU(0.5).forward(x).data()) == std::vector<Real>{-0.5f, 0, 2});
  CHECK(relative_error(GELU().forward(x).data(),
                       NdArray::from({1, 3}, {-0.15865525f, 0, 1.9544997f})) < 1e-6);
  CHECK(relative_error(SiLU().forward(x).data(),
                       NdArray::from({1, 3}, {-0.26894142f, 0, 1.7615942f})) < 1e-6);
  CHECK(relative_error(Softplus().forward(x).data(),
                       NdArray::from({1, 3}, {0.31326169f, 0.69314718f, 2.1269280f})) < 1e-6);
  CHECK(relative_error(Softmax().forward(x).data(),
                       NdArray::from({1, 3}, {0.04201007f, 0.11419520f, 0.84379473f})) < 1e-6);
  CHECK(relu.kind() == "ReLU");
  CHECK(LeakyReLU().kind() == "LeakyReLU");
  CHECK(GELU().kind() == "GELU");
  CHECK(SiLU().kind() == "SiLU");
  CHECK(Softplus().kind() == "Softplus");
  CHECK(Softmax().kind() == "Softmax");
  CHECK(sigmoid.kind() == "Sigmoid");
  CHECK(tanh.kind() == "Tanh");
  CHECK(relu.named_tensors().empty());
}

TEST_CASE("LeakyReLU wants a finite slope", "[layers]") {
  CHECK(error_of([] { LeakyReLU{std::numeric_limits<double>::infinity()}; }) ==
        "InvalidArgument: leaky_relu: slope infinity, expected a finite number");
  CHECK(error_of([] { LeakyReLU{1e300}; }) ==
        "InvalidArgument: leaky_relu: slope 1e+300 is infinity as a 32-bit number, expected a "
        "finite number");
}

}  // namespace lanegrad::test
