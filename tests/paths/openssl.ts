import { join } from "@std/path";
import { toPem } from "@/tools/pki/pem.ts";
import { TIME } from "@/tests/fixtures/pki.ts";
import type { Chain } from "./chain.ts";

export interface OpenSslAnswer {
  ok: boolean;
  /** What it says is wrong. */
  reason: string;
}

/** Asks `openssl verify`, with files in a folder of the caller's. */
export async function askOpenSsl(
  chain: Chain,
  { folder, strict = true }: { folder: string; strict?: boolean },
): Promise<OpenSslAnswer> {
  const write = async (file: string, label: string, ders: readonly Uint8Array[]) => {
    const path = join(folder, file);
    await Deno.writeTextFile(path, ders.map((der) => toPem(label, der)).join(""));
    return path;
  };
  const args = [
    ...["verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-purpose", "sslclient"],
    ...["-attime", String(TIME / 1000), ...(strict ? ["-x509_strict"] : [])],
    ...["-trusted", await write("anchors.pem", "CERTIFICATE", chain.anchors)],
  ];
  if (chain.intermediates.length > 0) {
    args.push("-untrusted", await write("pool.pem", "CERTIFICATE", chain.intermediates));
  }
  if (chain.crls) {
    args.push("-crl_check_all");
    if (chain.crls.length > 0) {
      args.push("-CRLfile", await write("lists.pem", "X509 CRL", chain.crls));
    }
  }
  args.push(await write("leaf.pem", "CERTIFICATE", [chain.leaf]));
  const { stderr, stdout, success } = await new Deno.Command("openssl", { args }).output();
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  return {
    ok: success,
    reason: /error \d+ at \d+ depth lookup: (.*)/.exec(said)?.[1] ?? "unreadable",
  };
}
