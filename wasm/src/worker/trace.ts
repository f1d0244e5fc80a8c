// One sample's whole way through a copy of the net and back, and the optimizer's step that its
// gradient alone would give.
import type { Lanegrad } from "../api/lanegrad.js";
import type { Tensor } from "../api/tensor.js";
import { LanegradError } from "../errors.js";
import type { Trace, TraceNode } from "../protocol/inspection.js";
import type { DataSets } from "./data_sets.js";
import type { Training } from "./training.js";

/** Throws `InvalidState` where the data have no labels; the message begins with `what`. */
export function requireLabels(what: string, { hasLabels }: Training): void {
  if (hasLabels) return;
  throw new LanegradError(
    "InvalidState",
    `${what}: these data have numbers to predict, expected class labels`,
  );
}

/** What `Trainer.trace` gives. */
export function trace(
  lg: Lanegrad,
  data: DataSets,
  training: Training,
  input: Float32Array,
  label: number,
): Trace {
  requireLabels("trace", training);
  const { trainer } = training;
  return lg.scope(() => {
    const twin = lg.load(trainer.raw.save(), data.train.set, data.test?.set);
    const { net, optimizer } = twin;
    net.setTraining(false);
    const { x } = twin.activations(training.input("trace", input)) as { x: Tensor };
    x.requiresGrad = true;
    const outputs: Record<string, Tensor> = {};
    let y = x;
    for (const [name, layer] of Object.entries(net.parameters)) {
      outputs[name] = y = layer.forward(y);
    }
    const loss = new lg.SoftmaxCrossEntropy().forward(y, [label]);
    loss.backward();

    const tensors = net.namedTensors();
    const names = Object.keys(tensors);
    const { step } = trainer.progress;
    optimizer.learningRate = trainer.raw.learningRate();
    const nodes = nodesOf(loss, { x, ...tensors }, outputs);
    const state = optimizer.state(names);
    const updates = Object.entries(tensors).map(([name, tensor]) => ({
      name,
      shape: tensor.shape,
      before: tensor.data,
      gradient: tensor.grad!.data,
    }));
    optimizer.step();
    const after = optimizer.state(names);
    return {
      step,
      nodes,
      probabilities: y.softmax().data,
      label,
      loss: loss.item(),
      optimizer: { kind: optimizer.kind, steps: step, ...optimizer.settings },
      updates: updates.map((update) => ({
        ...update,
        after: tensors[update.name]!.data,
        state: Object.fromEntries(
          Object.entries(state)
            .filter(([key]) => key.endsWith(`.${update.name}`))
            .map(([key, { data }]) => [
              key.slice(0, key.indexOf(".")),
              { before: data, after: after[key]!.data },
            ]),
        ),
      })),
    };
  });
}

/**
 * The values that `loss` was computed from, each once and after the values that it was itself
 * computed from.
 */
function nodesOf(
  loss: Tensor,
  leaves: Record<string, Tensor>,
  outputs: Record<string, Tensor>,
): TraceNode[] {
  const nodes: TraceNode[] = [];
  const seen: Tensor[] = [];
  const nameIn = (names: Record<string, Tensor>, tensor: Tensor): string | undefined =>
    Object.keys(names).find((name) => names[name]!.is(tensor));
  const visit = (tensor: Tensor): number => {
    const known = seen.findIndex((other) => other.is(tensor));
    if (known >= 0) return known;
    const sources = tensor.sources.map(visit);
    const name = nameIn(leaves, tensor);
    const layer = nameIn(outputs, tensor);
    seen.push(tensor);
    const { gradFn: op, shape, data: values, grad } = tensor;
    return (
      nodes.push({
        op,
        ...(name !== undefined && { name }),
        ...(layer !== undefined && { layer }),
        shape,
        values,
        grad: grad && grad.data,
        sources,
      }) - 1
    );
  };
  visit(loss);
  return nodes;
}
