import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, fromFileUrl, join } from "@std/path";
import { chromium, type LaunchOptions } from "playwright-core";
import { root } from "./portal.ts";

/** Without windows to draw: a journey takes half the processor time of a whole browser. */
const SHELLS = ["chromium-headless-shell", "chrome-headless-shell"];
const WHOLE = ["chromium", "chromium-browser", "google-chrome"];

type Setting = (name: string) => string | undefined;

/**
 * Starts a headless Chromium: the one in `CHROMIUM_PATH`, else the first that starts of a headless
 * shell on PATH, the one that comes inside an npm package (Linux x64 only) and a whole browser on
 * PATH. With `JOURNEYS=wide` the whole browser comes first.
 *
 * @example
 * await using browser = await launchBrowser();
 * const page = await browser.newPage();
 * await page.goto(origin);
 *
 * @param setting reads an environment variable
 * @throws {Error} when there is none that starts, saying what to do
 */
export async function launchBrowser(setting: Setting = (name) => Deno.env.get(name)) {
  const failures: unknown[] = [];
  for await (const { executablePath, env } of candidates(setting)) {
    try {
      return await chromium.launch({
        executablePath,
        args: ["--disable-gpu", "--disable-quic"],
        env: { ...Deno.env.toObject(), ...env },
      });
    } catch (error) {
      failures.push(new Error(`${executablePath} does not start.`, { cause: error }));
    }
  }
  throw new AggregateError(
    failures,
    `${failures.map(String).join(" ")} Install chromium (on Debian: apt-get install chromium) or ` +
      "set CHROMIUM_PATH.",
  );
}

async function* candidates(setting: Setting): AsyncGenerator<LaunchOptions> {
  const chosen = setting("CHROMIUM_PATH");
  if (chosen) return yield { executablePath: chosen };
  const folders = (setting("PATH") ?? "").split(":").filter(Boolean);
  const found = (names: string[]) =>
    names.flatMap((name) => folders.map((folder) => ({ executablePath: join(folder, name) })))
      .filter(({ executablePath }) => existsSync(executablePath));
  const wide = setting("JOURNEYS") === "wide";
  yield* found(wide ? WHOLE : SHELLS);
  if (Deno.build.os === "linux" && Deno.build.arch === "x86_64") yield await unpackChromium();
  yield* found(wide ? SHELLS : WHOLE);
}

/**
 * Unpacks the browser that comes inside the npm package `@sparticuz/chromium`, with its libraries
 * (NSS) and fonts, into a folder in the temp directory, once per version. The package itself would
 * leave half a file behind when it is interrupted: the folder gets its name when it is complete.
 */
async function unpackChromium(): Promise<LaunchOptions> {
  const packageDir = dirname(dirname(fromFileUrl(import.meta.resolve("@sparticuz/chromium"))));
  const { version } = JSON.parse(await Deno.readTextFile(join(packageDir, "package.json")));
  const folder = join(tmpdir(), `habilita-browser-${version}`);
  if (!existsSync(folder)) {
    const partial = await Deno.makeTempDir({ prefix: "habilita-browser-" });
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", 'await (await import("@sparticuz/chromium")).default.executablePath()'],
      cwd: root,
      // It unpacks the libraries, too, where it takes itself to be on a bare system.
      env: { TMPDIR: partial, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    // The one in the package names folders of another kind of machine.
    const fonts = `<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`;
    await Deno.writeTextFile(`${partial}/fonts/fonts.conf`, `<fontconfig>${fonts}</fontconfig>`);
    // Another process may have been quicker.
    await Deno.rename(partial, folder).catch(() => Deno.remove(partial, { recursive: true }));
  }
  const env: Record<string, string> = { LD_LIBRARY_PATH: join(folder, "al2023", "lib") };
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_PATH = join(folder, "fonts");
  return { executablePath: join(folder, "chromium"), env };
}
