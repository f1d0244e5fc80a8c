import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "lanegrad/element";
import { Circle } from "./circle.jsx";

createRoot(document.querySelector("#root")).render(
  <StrictMode>
    <h1>Inside a circle</h1>
    <Circle epochs={40} />
    <lanegrad-lab
      lab="functions"
      data="moons"
      epochs="100"
      autostart
      onlanegrad-done={({ detail }) => {
        document.title = `done: ${detail.accuracy}`;
      }}
    />
  </StrictMode>,
);
