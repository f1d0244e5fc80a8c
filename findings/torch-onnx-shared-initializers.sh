#!/usr/bin/env bash
# torch.onnx.export: weights that happen to be equal lose their names
#
# Software: PyTorch 1.13 of Debian 12 (python3-torch), onnx 1.12 (python3-onnx) to read the file.
# Guess: the file's initializers are the state_dict under its names, so that weights are found by name.
# Seen: of tensors that are equal the exporter keeps one and makes the others Identity nodes of it, which are no
#   initializers: a new BatchNorm's running_var, all ones, is Identity("2.weight"), its running_mean is
#   Identity("2.bias").
# It matters for who reads weights back by name, and only sometimes: after a step of training the tensors
#   differ and all names are there. Follow Identity nodes, or ask the graph instead of the list.
# Documented: not where export() is; a pass in its source is called deduplicate_initializers.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
debian 1.12 onnx python3-onnx
python <<'PY'
import onnx, torch

def names(net):
    torch.onnx.export(net.eval(), torch.zeros(1, 2), "net.onnx", do_constant_folding=False)
    graph = onnx.load("net.onnx").graph
    print("initializers:", *sorted(i.name for i in graph.initializer))
    print("identities:", *sorted(f"{n.output[0]} of {n.input[0]}" for n in graph.node if n.op_type == "Identity"))

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.BatchNorm1d(2))
names(net)
net.train()(torch.tensor([[1.0, 2.0], [3.0, 5.0], [-1.0, 0.5]])).square().sum().backward()
torch.optim.SGD(net.parameters(), 0.1).step()
names(net)
PY
seen <<'SEEN'
initializers: 0.bias 0.weight 2.bias 2.weight
identities: 2.running_mean of 2.bias 2.running_var of 2.weight
initializers: 0.bias 0.weight 2.bias 2.running_mean 2.running_var 2.weight
identities:
SEEN
