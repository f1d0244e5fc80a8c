// Next with its app router: `npm install`, then `npm run dev` or `npm run build`.
import { Circle } from "./circle.jsx";

export const metadata = { title: "lanegrad with Next" };

export default function Page() {
  return (
    <main>
      <h1>Inside a circle</h1>
      <Circle epochs={40} />
      <lanegrad-lab lab="functions" data="moons" epochs="100" autostart="" />
    </main>
  );
}
