// The rate to go on with after one that was too high, and where it comes from.
import type { Settings } from "../settings/digits_settings";

export interface LowerRate {
  rate: number;
  // A sentence.
  origin: string;
}

// `high` is the rate that was too high, and `now` the one that stands in the settings by now: a rate
// that has been lowered since is not raised. `recipe` has the recommended settings for the net, where
// the engine has some.
export function lowerRate(
  high: number,
  now: number,
  settings: Settings,
  recipe: Settings | undefined,
): LowerRate {
  const tenth = Number((high / 10).toPrecision(6));
  const offers = [
    usual(settings, recipe),
    { rate: tenth, origin: `${tenth} is a tenth of the rate that was too high.` },
    { rate: now, origin: `${now} is the rate that stands in the settings by now.` },
  ];
  return offers.filter(({ rate }) => rate > 0).sort((a, b) => a.rate - b.rate)[0]!;
}

// The usual rate for the net and the optimizer.
function usual({ net, optimizer, momentum }: Settings, recipe: Settings | undefined): LowerRate {
  // The steps of sgd grow with its gradients; those of the others do not.
  const follows = (name: string) => name === "sgd";
  if (recipe && follows(recipe.optimizer) === follows(optimizer)) {
    return {
      rate: recipe.lr,
      origin: `${recipe.lr} is the rate in the engine’s recipe for ${net}.`,
    };
  }
  if (!follows(optimizer))
    return { rate: 0.001, origin: "0.001 is the rate that is usual for Adam." };
  if (momentum < 0.9) return { rate: 0.1, origin: "0.1 is a usual rate for SGD." };
  return { rate: 0.01, origin: "0.01 is a usual rate for SGD with so much momentum." };
}
