// What the glossary says of one term.
export interface Entry {
  /** What it means, in one to three short sentences. */
  text: string;
  /** Something to try that shows it. */
  try: string;
  /** Where to try it: the page's address with the settings for it, or a part of Digits such as "./#evaluation". */
  at: string;
  /** Other names for it, in sentences. */
  also?: string;
}
