import { checkCrl } from "@/core/certificate/crl/check.ts";
import { parseCertificate } from "@/core/certificate/x509.ts";
import { ca, newCrl, TIME } from "@/tests/fixtures/pki.ts";
import type { Bytes } from "@/tests/support/pki/der.ts";

const ENTRIES = 100_000;

/**
 * A revocation list of 100,000 entries (5 MB): time to check and read it, and the longest time that
 * anything else had to wait meanwhile, against reading a digest of the same octets.
 */
export async function benchRevocationList(): Promise<void> {
  const date = new Date(TIME - 86_400_000);
  const serial = () => crypto.getRandomValues(new Uint8Array(16));
  const revoked = Array.from(
    { length: ENTRIES },
    (_, i) => ({ serial: serial(), date, reason: i % 6 }),
  );
  const der = await newCrl(ca, { revoked });
  const issuer = parseCertificate(ca.der);
  const [check, gap] = await watchLoop(() => checkList(der, issuer));
  const [digest] = await watchLoop(() => crypto.subtle.digest("SHA-256", der));
  console.log(`  ${ENTRIES} entries, ${(der.length / 1e6).toFixed(1)} MB`);
  console.log(
    `  checked and read in ${check.toFixed(0)} ms (digest alone ${digest.toFixed(0)} ms)`,
  );
  console.log(`  longest wait of others: ${gap.toFixed(1)} ms`);
}

async function checkList(der: Bytes, issuer: Parameters<typeof checkCrl>[0]["issuer"]) {
  const outcome = await checkCrl({ der, issuer, time: TIME });
  if (!outcome.ok) throw new Error(outcome.code);
}

/** Milliseconds that `work` takes, and the longest between two turns of the event loop meanwhile. */
async function watchLoop(work: () => Promise<unknown>): Promise<[number, number]> {
  const started = performance.now();
  let last = started;
  let longest = 0;
  const turn = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(turn, 0);
  await work();
  clearInterval(timer);
  turn();
  return [last - started, longest];
}
