import { join } from "@std/path";
import { type Browser, chromium } from "playwright-core";
import { unpackChromium } from "./bundled_chromium.ts";

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

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/**
 * Starts a headless Chromium: the one in `CHROMIUM_PATH`, else one found on PATH, else the one that
 * comes inside an npm package (Linux x64 only).
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
  const { executable, env } = await findChromium(setting);
  try {
    return await chromium.launch({
      executablePath: executable,
      args: Deno.uid() === 0 ? [...ARGS, "--no-sandbox"] : ARGS,
      env: { ...Deno.env.toObject(), ...env },
    });
  } catch (error) {
    throw new Error(
      `${executable} does not start. Install chromium (on Debian: apt-get install chromium) or set ` +
        "CHROMIUM_PATH.",
      { cause: error },
    );
  }
}

async function findChromium(
  setting: (name: string) => string | undefined,
): Promise<{ executable: string; env: Record<string, string> }> {
  const chosen = setting("CHROMIUM_PATH") || await findOnPath(setting("PATH") ?? "");
  return chosen ? { executable: chosen, env: {} } : await unpackChromium();
}

async function findOnPath(directories: string): Promise<string | undefined> {
  for (const name of NAMES) {
    for (const directory of directories.split(":").filter(Boolean)) {
      const path = join(directory, name);
      if ((await Deno.stat(path).catch(() => null))?.isFile) return path;
    }
  }
}
