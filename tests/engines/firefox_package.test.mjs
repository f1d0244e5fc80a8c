// The package in Firefox.
import { testPackage } from "./package.mjs";

await testPackage("firefox", "relaxed");
