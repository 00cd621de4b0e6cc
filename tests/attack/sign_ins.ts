import { syntheticCpf } from "@/tools/sample/people.ts";

/** Sign-ins at once, in a worker of its own: each from another address, with another CPF. */
export interface SignIns {
  port: number;
  count: number;
}

/** Of each sign-in: the status (0: no answer) and after how many milliseconds it came. */
export type Answered = [status: number, ms: number, retryAfter: boolean][];

interface Round {
  round: number;
  answered: Answered;
}

interface WorkerScope {
  onmessage: (event: MessageEvent<SignIns>) => void;
  postMessage(message: Round): void;
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  let round = 0;
  scope.onmessage = async ({ data: { port, count } }) => {
    const id = round++;
    const first = id * count;
    const all = Array.from({ length: count }, (_, i) => signIn(port, first + i));
    scope.postMessage({ round: id, answered: await Promise.all(all) });
  };
}

async function signIn(port: number, index: number): Promise<Answered[number]> {
  const started = performance.now();
  try {
    const response = await fetch(`http://127.0.0.1:${port}/entrar`, {
      method: "POST",
      headers: { "x-forwarded-for": `10.1.${index >> 8}.${index & 255}` },
      body: new URLSearchParams({ login: syntheticCpf(1_000 + index), senha: "Errada#Aqui9" }),
    });
    await response.body?.cancel();
    const ms = performance.now() - started;
    return [response.status, ms, response.headers.has("retry-after")];
  } catch {
    return [0, performance.now() - started, false];
  }
}

/** Rounds of `count` sign-ins at once. */
export function startSignIns(port: number, count: number) {
  const worker = new Worker(import.meta.url, { type: "module" });
  const rounds: ((answered: Answered) => void)[] = [];
  worker.onmessage = ({ data }: MessageEvent<Round>) => rounds[data.round]!(data.answered);
  return {
    /** Sends one round and resolves with its answers; rounds may overlap. */
    round(): Promise<Answered> {
      return new Promise((resolve) => {
        rounds.push(resolve);
        worker.postMessage({ port, count } satisfies SignIns);
      });
    },
    [Symbol.dispose]: () => worker.terminate(),
  };
}
