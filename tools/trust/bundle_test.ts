import { assertEquals, assertRejects } from "@std/assert";
import { encodeHex } from "@std/encoding";
import { join } from "@std/path";
import { strToU8, zipSync } from "fflate";
import { CommandRefused } from "../command.ts";
import { createPki } from "../pki/mod.ts";
import { toPem } from "../pki/pem.ts";
import { readBundle } from "./bundle.ts";

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const hex = (found: { der: Uint8Array }[]) => found.map(({ der }) => encodeHex(der));

Deno.test("a .zip is read like a folder, whatever folders are in it", () =>
  withFolder(async (folder) => {
    const { root, issuing } = await createPki();
    const path = join(folder, "ac.zip");
    await Deno.writeFile(
      path,
      zipSync({
        "ac/b.crt": new Uint8Array(issuing.certificate),
        "a.pem": strToU8(toPem("CERTIFICATE", root.certificate)),
        "leia-me.txt": strToU8("nada"),
      }),
    );
    const found = await readBundle(path);
    assertEquals(found.map(({ file }) => file), ["a.pem", "b.crt"]);
    assertEquals(hex(found), [encodeHex(root.certificate), encodeHex(issuing.certificate)]);
  }));

Deno.test("a .zip that would unpack to too much is refused", () =>
  withFolder(async (folder) => {
    const path = join(folder, "bomba.zip");
    await Deno.writeFile(path, zipSync({ "a.crt": new Uint8Array(21 * 1024 * 1024) }));
    await assertRejects(() => readBundle(path), CommandRefused, "grande demais");
  }));

Deno.test("a .p7b of OpenSSL, as DER and as PEM", async (t) => {
  const { code } = await new Deno.Command("openssl", { args: ["version"] }).output()
    .catch(() => ({ code: 1 }));
  // Without OpenSSL there is nothing that writes a .p7b independently of the reader.
  await t.step({
    name: "holds the certificates that were put in",
    ignore: code !== 0,
    fn: () =>
      withFolder(async (folder) => {
        const { root, secretaria } = await createPki();
        const pem = join(folder, "entrada.pem");
        const ders = [root.certificate, secretaria.certificate];
        await Deno.writeTextFile(pem, ders.map((der) => toPem("CERTIFICATE", der)).join(""));
        for (const form of ["DER", "PEM"]) {
          const path = join(folder, `${form}.p7b`);
          const args = ["crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", form, "-out", path];
          assertEquals((await new Deno.Command("openssl", { args }).output()).code, 0);
          assertEquals(hex(await readBundle(path)).sort(), ders.map((d) => encodeHex(d)).sort());
          const cut = (await Deno.readFile(path)).subarray(0, 700);
          const broken = join(folder, `cortado-${form}.p7b`);
          await Deno.writeFile(broken, cut);
          // Goes on as it is, and the import says that it cannot be read.
          assertEquals((await readBundle(broken)).length, 1);
        }
      }),
  });
});
