// For tools that do not read "exports" of package.json, as Parcel does not unless it is told to.
export * from "./dist/inline.js";
