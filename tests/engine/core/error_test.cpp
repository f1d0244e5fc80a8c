// Error codes, and what an error carries.
#include "engine/core/error.h"

#include <string>

#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

TEST_CASE("every error code has its own name", "[core][error]") {
  CHECK(to_string(ErrorCode::InvalidArgument) == "InvalidArgument");
  CHECK(to_string(ErrorCode::ShapeMismatch) == "ShapeMismatch");
  CHECK(to_string(ErrorCode::CorruptData) == "CorruptData");
  CHECK(to_string(ErrorCode::InvalidState) == "InvalidState");
  CHECK(to_string(ErrorCode::NotFound) == "NotFound");
  CHECK(to_string(ErrorCode::OutOfMemory) == "OutOfMemory");
  CHECK(to_string(ErrorCode::Unsupported) == "Unsupported");
  CHECK(to_string(ErrorCode::Diverged) == "Diverged");
  CHECK(to_string(ErrorCode::Internal) == "Internal");
}

TEST_CASE("an error carries its code and its sentence", "[core][error]") {
  const Error error(ErrorCode::NotFound, "catalog: no net called \"x\"");
  CHECK(error.code() == ErrorCode::NotFound);
  CHECK(error.message() == "catalog: no net called \"x\"");
  CHECK(std::string(static_cast<const std::exception&>(error).what()) == error.message());
}

TEST_CASE("fail throws its pieces as one sentence", "[core][error]") {
  const std::string name = "x";
  try {
    fail(ErrorCode::NotFound, "catalog: no net called '", name, "' of ", 3, ", at ", 0.5);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::NotFound);
    CHECK(error.message() == "catalog: no net called 'x' of 3, at 0.5");
  }
}

TEST_CASE("an error says what it is about in its details", "[core][error]") {
  try {
    fail(ErrorCode::Diverged, {.op = "training", .quantity = "loss", .value = 0.5, .step = 3},
         "training: the loss is ", 0.5);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.message() == "training: the loss is 0.5");
    CHECK(error.details().op == "training");
    CHECK(error.details().quantity == "loss");
    CHECK(error.details().value == 0.5);
    CHECK(error.details().step == 3);
    CHECK(error.details().field.empty());
    CHECK(error.details().column == std::nullopt);
  }
}

}  // namespace
}  // namespace lanegrad
