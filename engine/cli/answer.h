// `npm run train -- --answer FILE`: a net without its training answers test images.
#pragma once

#include <iosfwd>

#include "engine/cli/args.h"

namespace lanegrad::cli {

// Prints the loss and the accuracy of the net in args.answer on the test images of args.data.
// Throws what read_model and read_mnist throw, ShapeMismatch for images of another size,
// Unsupported for a net that answers with numbers instead of classes.
void answer(const Args& args, std::ostream& out);

}  // namespace lanegrad::cli
