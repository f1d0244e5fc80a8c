// The page in Firefox.
import { testPage } from "./page.mjs";

await testPage("firefox", /^relaxed SIMD, (one thread|\d+ threads)$/);
