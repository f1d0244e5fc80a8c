// Nets written as a line of text: "conv 24 5x5, pool 2, relu, dense 128, relu, dense classes".
//
// Layers stand between commas, their settings behind them:
//   conv FILTERS SIZE [stride S] [pad P] [bias | no bias]
//                                          Conv2D; SIZE is 5x5 or 5
//   pool SIZE [stride S]                   MaxPool2D; the stride is SIZE if it is not given
//   avgpool SIZE [stride S]                AvgPool2D
//   globalpool                             GlobalAvgPool2D
//   relu, gelu, sigmoid, tanh, …           the activations of engine/kernels/unary.h
//   softmax                                Softmax
//   leakyrelu [SLOPE]                      LeakyReLU; the slope is 0.01 if it is not given
//   batchnorm                              BatchNorm of each channel or number
//   dropout RATE                           Dropout
//   flatten                                Flatten; before dense it comes by itself
//   dense OUTPUTS [bias | no bias]         Dense and Bias; `dense classes`: as many as NetInput
//                                          says
// "pad same" is the pad with which an odd SIZE keeps height and width. Words may be spelled as
// PyTorch and Keras do: `Conv2D 24 5 padding same, ReLU, Linear 10`. Where nothing is said of its
// bias, a conv or dense has one unless batchnorm follows, directly or after pools or flatten alone:
// that takes away again whatever a bias adds, so that its gradient would be nothing but rounding
// errors (as bias=False in PyTorch). Layers are named by their word and their number: conv1, pool1,
// relu1, conv2, …, dense1, bias1; a bias has the number of its dense.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/core/random.h"
#include "engine/nets/net.h"

namespace lanegrad {

// What the text of a net needs to know about the data.
struct NetInput {
  // The shape of one sample: [C, H, W], or [I] where samples are rows of numbers.
  Shape sample;
  Index outputs = 0;  // the data's classes, or numbers per target
};

// Makes the net that is called `name_or_text` in the catalog, or that this text describes. Weights
// before ReLU and its like are Kaiming-uniform, others Xavier-uniform, drawn in the order of the
// layers; dropouts use the seed of `weights`, too. Errors name the word, as in "net: 'poool' at
// word 4 (column 14) is no layer, expected conv, …": NotFound for words that mean nothing,
// InvalidArgument for layers and settings that do not fit. Words and columns are counted from 1,
// columns in characters.
std::unique_ptr<Net> make_net(std::string_view name_or_text, const NetInput& input,
                              Random& weights);

// Describes the net that make_net would make: its layers, shapes and costs. Throws what make_net
// throws.
NetDescription describe(std::string_view name_or_text, const NetInput& input);

// The text of the net that `name_or_text` meant when each conv and dense had a bias: "bias" is
// added to those whose text says nothing of it and would have none today. What means the same today
// stays as it is, and so does what is no net, which make_net will refuse.
std::string with_biases(std::string_view name_or_text);

// The text of the net of this name in the catalog; any other text is returned as it is.
std::string_view net_text(std::string_view name_or_text);

}  // namespace lanegrad
