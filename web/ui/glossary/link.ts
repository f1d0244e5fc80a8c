// Where the entries of terms are: these addresses do without the entries themselves.

/** The id of a term's entry in glossary.html. */
export const idOf = (term: string): string => term.toLowerCase().replaceAll(" ", "-");

/** Where a term's link leads. */
export const linkOf = (term: string): string => `./glossary.html#${idOf(term)}`;
