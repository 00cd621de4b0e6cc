/**
 * `oidc-provider` without its warnings, which are about production: another runtime than Node, a
 * store in memory.
 */
export const { Provider, interactionPolicy } = await withoutWarnings(() => import("oidc-provider"));

export async function withoutWarnings<T>(work: () => T | Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...args) => String(args[0]).includes("oidc-provider") || warn(...args);
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
