// Points in classes on a plane, such as two moons: where the points of each class lie.

/** The sets of points, and how many classes each has. */
export const classSets = { spiral: 3, moons: 2, circles: 2, clouds: 2 } as const;
export type ClassSet = keyof typeof classSets;

/** Where random numbers come from: uniform ones from 0 to 1, and normal ones. */
export interface Chance {
  uniform(): number;
  normal(): number;
}

/** One point of a class; `noise` is the standard deviation of what is added to both coordinates. */
export function pointOf(
  set: ClassSet,
  label: number,
  noise: number,
  chance: Chance,
): [number, number] {
  const along = chance.uniform();
  const [x, y] = middle(set, label, along);
  return [x + noise * chance.normal(), y + noise * chance.normal()];
}

function middle(set: ClassSet, label: number, along: number): [number, number] {
  switch (set) {
    case "spiral": {
      const radius = 0.1 + 0.9 * along;
      const angle = (2 * Math.PI * label) / 3 + 4.5 * along;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }
    case "moons": {
      const angle = Math.PI * along;
      return label === 0
        ? [Math.cos(angle) - 0.5, Math.sin(angle) - 0.25]
        : [0.5 - Math.cos(angle), 0.25 - Math.sin(angle)];
    }
    case "circles": {
      const radius = label === 0 ? 1 : 0.45;
      return [radius * Math.cos(2 * Math.PI * along), radius * Math.sin(2 * Math.PI * along)];
    }
    case "clouds":
      return label === 0 ? [-0.6, -0.4] : [0.6, 0.4];
  }
}
