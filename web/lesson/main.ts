// The page of the lesson: all answers at once, and print.
const part = (name: string) => document.querySelector<HTMLButtonElement>(`[data-part="${name}"]`)!;
const answers = [...document.querySelectorAll<HTMLDetailsElement>(".task details")];
const all = part("answers");

const areShown = () => answers.every(({ open }) => open);
const name = () => {
  all.textContent = areShown() ? "Hide all answers" : "Show all answers";
};
all.addEventListener("click", () => {
  const open = !areShown();
  for (const answer of answers) answer.open = open;
  name();
});
for (const answer of answers) answer.addEventListener("toggle", name);
part("print").addEventListener("click", () => print());
for (const each of [all, part("print")]) each.hidden = false;

export {};
