// glue.mjs is made by wasm/one_glue.mjs; glue.ts says what it exports.
declare module "*/engine/glue.mjs" {
  const glue: unknown;
  export default glue;
  /**
   * The names of imports and exports, each with the one that a build with threads has for it ("a c,b d"), and the names of
   * what that build alone has.
   */
  export const letters: {
    imports: string;
    exports: string;
    memory: string;
    wake: string;
    /** The name by which the other builds export their memory. */
    exportedMemory: string;
  };
}
