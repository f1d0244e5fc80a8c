// The labs, in the order of the page's navigation. A row makes the link, the container and the
// address `?lab=NAME`; the lab itself is what `labs/NAME/lab.ts` exports as `open`, loaded when it
// is first opened. The first one is what the page opens with: `labs/NAME/NAME.html` and `.css` are
// built into it.
export const labs = [
  { name: "digits", title: "Digits" },
  { name: "functions", title: "Functions" },
  { name: "autograd", title: "Autograd" },
  { name: "tables", title: "Tables" },
] as const;

export type LabName = (typeof labs)[number]["name"];
