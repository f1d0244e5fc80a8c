// The page in WebKit, whose language is "C" here, which no formatter of numbers takes.
import { testPage } from "./page.mjs";

await testPage("webkit", /^SIMD, one thread$/);
