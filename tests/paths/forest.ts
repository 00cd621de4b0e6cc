import { validatePath } from "@/core/certificate/path.ts";
import { TIME } from "@/tests/fixtures/pki.ts";
import { Random } from "../fuzz/random.ts";
import { ANYWHERE, AUTHORITIES, type Change, LEAVES } from "./changes.ts";
import { buildChain, CA_LEVELS, type Chain, type Level, LEVELS } from "./chain.ts";
import { goodChain, type Kit } from "./kit.ts";
import { askOpenSsl } from "./openssl.ts";
import { LISTS, type Shape, SHAPES } from "./shapes.ts";

/** One thing that is done to a chain. */
export interface Step {
  name: string;
  apply: Shape;
}

/** Everything that can be done, each to every certificate it makes sense for. */
export function allSteps(): Step[] {
  const of = (levels: readonly Level[], changes: Record<string, Change>) =>
    levels.flatMap((level) =>
      Object.entries(changes).map(([name, change]): Step => ({
        name: `${level}: ${name}`,
        apply: ({ plans }, kit) => change(plans[level], kit),
      }))
    );
  const lists = CA_LEVELS.flatMap((level) =>
    Object.entries(LISTS).map(([name, list]) => ({ name: `${level}: ${name}`, apply: list(level) }))
  );
  return [
    ...Object.entries(SHAPES).map(([name, apply]) => ({ name, apply })),
    ...of(LEVELS, ANYWHERE),
    ...of(CA_LEVELS, AUTHORITIES),
    ...of(["leaf"], LEAVES),
    ...lists,
  ];
}

/** The steps alone, then pairs of them until there are `count` cases; the same for the same seed. */
export function plant(count: number, seed: number): Step[][] {
  const steps = allSteps();
  const random = new Random(seed);
  if (count <= steps.length) {
    return Array.from({ length: count }, () => [random.pick(steps)]);
  }
  const pairs = Array.from({ length: count - steps.length }, () => [
    random.pick(steps),
    random.pick(steps),
  ]);
  return [...steps.map((step) => [step]), ...pairs];
}

export type Verdict = "agree: good" | "agree: bad" | "stricter" | "laxer" | "known";

export interface Judged {
  steps: string;
  verdict: Verdict;
  /** What each says about a chain it refuses. */
  ours: string;
  openSsl: string;
}

/** Authorities of ICP-Brasil break this rule, which only `-x509_strict` asks of OpenSSL. */
const KNOWN = "CA without being critical";

/** Makes one chain and has it judged by the portal and by OpenSSL. */
export async function judge(
  steps: readonly Step[],
  keys: Kit["ec"],
  kit: Kit,
  folder: string,
  ask: typeof askOurs = askOurs,
): Promise<Judged> {
  const plan = goodChain(keys);
  for (const { apply } of steps) await apply(plan, kit);
  const chain = await buildChain(plan);
  const { ours, path } = await ask(chain);
  const openSsl = await askOpenSsl(chain, { folder });
  const names = steps.map(({ name }) => name).join(" + ");
  const judged = (verdict: Verdict) => ({
    steps: names,
    verdict,
    ours,
    openSsl: openSsl.ok ? "ok" : openSsl.reason,
  });
  if (!path) return judged(openSsl.ok ? "stricter" : "agree: bad");
  if (openSsl.ok) return judged("agree: good");
  // OpenSSL takes the first issuer that fits and does not turn back: asked about our path alone.
  const alone = { ...chain, intermediates: path.slice(1, -1), anchors: path.slice(-1) };
  if ((await askOpenSsl(alone, { folder })).ok) return judged("agree: good");
  const known = names.includes(KNOWN) && (await askOpenSsl(alone, { folder, strict: false })).ok;
  return judged(known ? "known" : "laxer");
}

async function askOurs(
  chain: Chain,
): Promise<{ ours: string; path: Chain["intermediates"] | null }> {
  const { anchors, crls, intermediates, leaf } = chain;
  const outcome = await validatePath({
    leaf,
    intermediates,
    anchors,
    crls: crls ?? [],
    revocation: crls ? "require" : "off",
    time: TIME,
    purpose: "clientAuth",
  });
  if (!outcome.ok) return { ours: outcome.code, path: null };
  return { ours: "ok", path: outcome.path.map(({ der }) => der) };
}

/** Judges a whole forest; half of the chains have RSA keys. */
export async function judgeForest(
  forest: readonly Step[][],
  kit: Kit,
  onProgress: (done: number) => void = () => {},
): Promise<Judged[]> {
  const folder = await Deno.makeTempDir();
  try {
    const judged: Judged[] = [];
    for (const [i, steps] of forest.entries()) {
      judged.push(await judge(steps, i % 2 === 0 ? kit.ec : kit.rsa, kit, folder));
      onProgress(i + 1);
    }
    return judged;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
