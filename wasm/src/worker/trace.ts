// One sample's whole way through a copy of the net and back, and the optimizer's step that its
// gradient alone would give.
import { LanegradError } from "../errors.js";
import type { LoadedModule } from "../module/load.js";
import type { TensorHandle } from "../module/raw.js";
import type { Trace, TraceNode } from "../protocol/inspection.js";
import { mapped } from "../values.js";
import type { DataSets } from "./data_sets.js";
import { named, scoped, tensorsOf, type Own, type Tensors } from "./handles.js";
import { normalizeAs } from "./moments.js";
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
  { raw }: LoadedModule,
  data: DataSets,
  training: Training,
  input: Float32Array,
  label: number,
): Trace {
  requireLabels("trace", training);
  const { trainer } = training;
  return scoped((own) => {
    const file = trainer.save();
    normalizeAs(data, file);
    const { train, test, validation } = data;
    const twin = own(raw.load(file, train.set, test?.set ?? null, validation?.set ?? null));
    const [net, optimizer] = [own(twin.net()), own(twin.optimizer())];
    net.setTraining(false);
    const { x } = named(own, twin.activations(training.input(own, "trace", input)));
    x!.setRequiresGrad(true);
    const outputs: Tensors = {};
    let y = x!;
    for (const [name, layer] of net.layers()) outputs[name] = y = own(own(layer).forward(y));
    const loss = own(raw.SoftmaxCrossEntropy(y, Int32Array.of(label)));
    loss.backward();

    const tensors = tensorsOf(own, net);
    const names = Object.keys(tensors);
    const { step } = trainer.progress();
    optimizer.setLearningRate(trainer.learningRate());
    const nodes = nodesOf(own, loss, { x: x!, ...tensors }, outputs);
    const state = () => mapped(named(own, optimizer.state(names)), (tensor) => tensor.data());
    const before = state();
    const updates = Object.entries(tensors).map(([name, tensor]) => ({
      name,
      shape: tensor.shape(),
      before: tensor.data(),
      gradient: own(tensor.grad()!).data(),
    }));
    optimizer.step();
    const after = state();
    return {
      step,
      nodes,
      probabilities: own(raw.softmax(y)).data(),
      label,
      loss: loss.item(),
      optimizer: { kind: optimizer.kind(), steps: step, ...optimizer.settings() },
      updates: updates.map((update) => ({
        ...update,
        after: tensors[update.name]!.data(),
        state: Object.fromEntries(
          Object.entries(before)
            .filter(([key]) => key.endsWith(`.${update.name}`))
            .map(([key, data]) => [
              key.slice(0, key.indexOf(".")),
              { before: data, after: after[key]! },
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
function nodesOf(own: Own, loss: TensorHandle, leaves: Tensors, outputs: Tensors): TraceNode[] {
  const nodes: TraceNode[] = [];
  const seen: TensorHandle[] = [];
  const nameIn = (names: Tensors, tensor: TensorHandle): string | undefined =>
    Object.keys(names).find((name) => names[name]!.is(tensor));
  const visit = (tensor: TensorHandle): number => {
    const known = seen.findIndex((other) => other.is(tensor));
    if (known >= 0) return known;
    const sources = Array.from({ length: tensor.sourceCount() }, (_, i) =>
      visit(own(tensor.source(i))),
    );
    const name = nameIn(leaves, tensor);
    const layer = nameIn(outputs, tensor);
    seen.push(tensor);
    const grad = tensor.grad();
    return (
      nodes.push({
        op: tensor.gradFn(),
        ...(name !== undefined && { name }),
        ...(layer !== undefined && { layer }),
        shape: tensor.shape(),
        values: tensor.data(),
        grad: grad && own(grad).data(),
        sources,
      }) - 1
    );
  };
  visit(loss);
  return nodes;
}
