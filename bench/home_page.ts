import { fromFileUrl } from "@std/path";
import { freePort, root, untilAnswers } from "../tests/support/portal.ts";
import { requestsPerSecond } from "./load.ts";

const ROUNDS = 7;
const ROUND_MS = 1_500;

interface Server extends AsyncDisposable {
  port: number;
}

/** Requests a second of the home page in production mode, against the bare reference. */
export async function benchHomePage(): Promise<void> {
  await run(["run", "-A", "dev.ts", "build"]);
  const data = await Deno.makeTempDir({ prefix: "habilita-bench-" });
  await using deps = await start(["run", "-A", "tools/start.ts"], {
    HABILITA_DATA: data,
    HABILITA_ORIGIN: "http://localhost:8000",
    HABILITA_SECRET: crypto.randomUUID(),
  });
  await using bare = await start(
    ["run", "-A", "--no-check", fromFileUrl(new URL("./bare_server.tsx", import.meta.url))],
    {},
  );
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // Interleaved, and each goes first every other time: what disturbs one disturbs the other.
    const order = round % 2 === 0 ? [deps, bare] : [bare, deps];
    const speed = new Map<Server, number>();
    for (const server of order) {
      speed.set(server, await requestsPerSecond(server.port, "/", ROUND_MS));
    }
    const [ours, reference] = [speed.get(deps)!, speed.get(bare)!];
    if (round === 0) continue; // warm-up
    ratios.push(ours / reference);
    console.log(
      `  round ${round}: portal ${ours.toFixed(0)}/s, bare ${reference.toFixed(0)}/s, ` +
        `ratio ${(ours / reference).toFixed(2)}`,
    );
  }
  ratios.sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)]!;
  console.log(
    `home page: ${median.toFixed(2)} of bare preact-render-to-string behind Deno.serve ` +
      `(median of ${ROUNDS}, ${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)})`,
  );
}

async function start(args: string[], env: Record<string, string>): Promise<Server> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { ...env, PORT: String(port) },
    stdout: "null",
    stderr: "null",
  }).spawn();
  await untilAnswers(`http://localhost:${port}/`);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

async function run(args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
}
