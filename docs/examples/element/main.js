// What the element tells, and its trainer.
const lab = document.querySelector("lanegrad-lab");
const show = (text) => {
  document.querySelector("output").textContent = text;
};

lab.addEventListener("lanegrad-done", ({ detail }) => {
  void lab.trainer.predict(Float32Array.of(1), 1).then(([answer]) => {
    show(`inside: after ${detail.step} steps it answers ${answer.toFixed(3)} at 1`);
  });
});
lab.addEventListener("lanegrad-error", ({ detail }) => show(detail.message));
