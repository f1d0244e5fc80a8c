// The package in WebKit.
import { testPackage } from "./package.mjs";

await testPackage("webkit", "simd");
