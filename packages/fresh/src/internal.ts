// What the generated `_fresh/server.js` imports. Not for applications.
export { applySnapshot } from "./app.ts";
export { toSnapshot } from "./manifest.ts";
