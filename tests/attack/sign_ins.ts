import { syntheticCpf } from "@/tools/sample/people.ts";

/** Sign-ins at once, in a worker of its own: each from another address, with another CPF. */
export interface SignIns {
  port: number;
  count: number;
}

/** Of each sign-in: the status (0: no answer) and after how many milliseconds it came. */
export type Answered = [status: number, ms: number, retryAfter: boolean][];

interface WorkerScope {
  onmessage: (event: MessageEvent<SignIns>) => void;
  postMessage(message: Answered): void;
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  let round = 0;
  scope.onmessage = async ({ data: { port, count } }) => {
    const first = round++ * count;
    const all = Array.from({ length: count }, (_, i) => signIn(port, first + i));
    scope.postMessage(await Promise.all(all));
  };
}

async function signIn(port: number, index: number): Promise<Answered[number]> {
  const started = performance.now();
  try {
    const response = await fetch(`http://127.0.0.1:${port}/entrar`, {
      method: "POST",
      headers: { "x-forwarded-for": `10.1.${index >> 8}.${index & 255}` },
      body: new URLSearchParams({ cpf: syntheticCpf(1_000 + index), senha: "Errada#Aqui9" }),
    });
    await response.body?.cancel();
    const ms = performance.now() - started;
    return [response.status, ms, response.headers.has("retry-after")];
  } catch {
    return [0, performance.now() - started, false];
  }
}

/** @returns sends one round of sign-ins and resolves with their answers */
export function startSignIns(port: number, count: number) {
  const worker = new Worker(import.meta.url, { type: "module" });
  return {
    round(): Promise<Answered> {
      return new Promise((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<Answered>) => resolve(data);
        worker.postMessage({ port, count } satisfies SignIns);
      });
    },
    [Symbol.dispose]: () => worker.terminate(),
  };
}
