// All of the engine, in the order of its layers: the table of contents.
#pragma once

// core: errors, shapes, memory, random numbers
#include "engine/core/context.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/shape.h"
// ndarray: arrays and their arithmetic
#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/index_array.h"
#include "engine/ndarray/matmul.h"
#include "engine/ndarray/ndarray.h"
#include "engine/ndarray/reduce.h"
#include "engine/ndarray/softmax.h"
// tensor: arrays with a memory, and backward
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/dense.h"
#include "engine/tensor/functions.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/reduce.h"
#include "engine/tensor/reshape.h"
#include "engine/tensor/softmax.h"
#include "engine/tensor/tensor.h"
// layers, losses, optimizers
#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/dense.h"
#include "engine/layers/init.h"
#include "engine/layers/layer.h"
#include "engine/losses/mse.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "engine/optimizers/adam.h"
#include "engine/optimizers/catalog.h"
#include "engine/optimizers/optimizer.h"
#include "engine/optimizers/sgd.h"
// dataloaders: batches of (input, target)
#include "engine/dataloaders/array_loader.h"
#include "engine/dataloaders/data_loader.h"
#include "engine/dataloaders/idx.h"
#include "engine/dataloaders/math_func.h"
#include "engine/dataloaders/mnist.h"
// nets and their training
#include "engine/nets/catalog.h"
#include "engine/nets/mlp.h"
#include "engine/nets/net.h"
#include "engine/training/metrics.h"
#include "engine/training/trainer.h"
