import { join } from "@std/path";
import { type Browser, chromium } from "playwright-core";
import { type Bundled, unpackChromium } from "./bundled_chromium.ts";

/** Quiet and the same everywhere: no updates, no sync, no QUIC, no questions at the first start. */
const ARGS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Without windows to draw: a journey takes half the processor time of a whole browser. */
const SHELLS = ["chromium-headless-shell", "chrome-headless-shell"];
const WHOLE = ["chromium", "chromium-browser", "google-chrome"];

/**
 * Starts a headless Chromium: the one in `CHROMIUM_PATH`, else the first that starts of a headless
 * shell on PATH, the one that comes inside an npm package (Linux x64 only) and a whole browser on
 * PATH. With `JOURNEYS=wide` the whole browser comes first.
 *
 * @example
 * const browser = await launchBrowser();
 * const page = await browser.newPage();
 * await page.goto(origin);
 * await browser.close();
 *
 * @param setting reads an environment variable
 * @throws {Error} when there is none that starts, saying what to do
 */
export async function launchBrowser(
  setting: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Promise<Browser> {
  const failures: unknown[] = [];
  for await (const { executable, env } of candidates(setting)) {
    try {
      return await chromium.launch({
        executablePath: executable,
        args: Deno.uid() === 0 ? [...ARGS, "--no-sandbox"] : ARGS,
        env: { ...Deno.env.toObject(), ...env },
      });
    } catch (error) {
      failures.push(new Error(`${executable} does not start.`, { cause: error }));
    }
  }
  throw new AggregateError(
    failures,
    `${failures.map(String).join(" ")} Install chromium (on Debian: apt-get install chromium) or ` +
      "set CHROMIUM_PATH.",
  );
}

async function* candidates(
  setting: (name: string) => string | undefined,
): AsyncGenerator<Bundled> {
  const chosen = setting("CHROMIUM_PATH");
  if (chosen) return yield { executable: chosen, env: {} };
  const path = setting("PATH") ?? "";
  const wide = setting("JOURNEYS") === "wide";
  yield* findOnPath(wide ? [...WHOLE, ...SHELLS] : SHELLS, path);
  if (Deno.build.os === "linux" && Deno.build.arch === "x86_64") yield await unpackChromium();
  if (!wide) yield* findOnPath(WHOLE, path);
}

async function* findOnPath(names: readonly string[], path: string): AsyncGenerator<Bundled> {
  for (const name of names) {
    for (const directory of path.split(":").filter(Boolean)) {
      const executable = join(directory, name);
      if ((await Deno.stat(executable).catch(() => null))?.isFile) yield { executable, env: {} };
    }
  }
}
