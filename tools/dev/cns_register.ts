import type { CnsConfig } from "@/core/config/mod.ts";
import type { CnsQuality } from "@/core/store/records/account.ts";
import { people, type SampleName } from "@/tools/sample/people.ts";

/** What the register knows of one number. */
export interface CnsEntry {
  cpf: string;
  cns: string;
  quality: CnsQuality;
}

/** The token of the simulated register. It opens nothing but the stand-in on this machine. */
const TOKEN = "desenvolvimento";

/**
 * A register of the national health card at a free port of this machine, as docs/operation.md
 * describes one.
 *
 * @returns `config` for the portal's configuration
 */
export function startCnsRegister(entries: readonly CnsEntry[]) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      if (request.headers.get("authorization") !== `Bearer ${TOKEN}`) return answer(401);
      if (request.method !== "POST") return answer(405);
      const { cpf, cns, nome } = await request.json();
      const entry = entries.find((one) => one.cpf === cpf && one.cns === cns);
      if (!entry || typeof nome !== "string") return answer(404);
      const { quality } = entry;
      return Response.json({ qualidade: quality, consultadoEm: new Date().toISOString() });
    },
  );
  const { hostname, port } = server.addr;
  const config: CnsConfig = { url: `http://${hostname}:${port}/qualidade`, token: TOKEN };
  return { config, close: () => server.shutdown() };
}

function answer(status: number): Response {
  return new Response(null, { status });
}

/** What the simulated register says of the sample people; it does not know Cecília. */
const QUALITIES: Partial<Record<SampleName, CnsQuality>> = {
  helena: "alta",
  bruno: "alta",
  davi: "alta",
  elisa: "alta",
  gabriela: "alta",
  fabio: "baixa",
  heitor: "desconhecida",
};

export const SAMPLE_CNS: readonly CnsEntry[] = Object.entries(QUALITIES).map(
  ([name, quality]) => {
    const { cpf, cns } = people[name as SampleName];
    return { cpf, cns, quality };
  },
);
