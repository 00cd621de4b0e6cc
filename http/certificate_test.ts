import { assertEquals } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import { parseAddressList } from "@/core/address_list.ts";
import type { ProxyConfig } from "@/core/config/mod.ts";
import { testDeps } from "@/tests/fixtures/mod.ts";
import { EXAMPLE_COMPANY, testPki } from "@/tests/fixtures/pki.ts";
import { issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { presentedCertificate } from "./certificate.ts";

const PROXY: ProxyConfig = {
  header: "rfc9440",
  addresses: parseAddressList("127.0.0.1"),
  secret: null,
  origin: null,
};

Deno.test("a proxy's header is read only when it is the proxy's, and it is said to send one", async () => {
  const { certificate: der } = await issueCompanyCertificate(await testPki(), EXAMPLE_COMPANY);
  const outcome = async (proxy: ProxyConfig | null, hostname = "127.0.0.1", sent = true) => {
    using deps = await testDeps({ proxy });
    const headers = new Headers(sent ? [["client-cert", `:${encodeBase64(der)}:`]] : []);
    const found = presentedCertificate({
      info: { remoteAddr: { transport: "tcp", hostname, port: 1 }, completed: Promise.resolve() },
      req: new Request("http://localhost/", { headers }),
      state: { deps },
    });
    return found.ok ? found.data.leaf : found.code;
  };
  assertEquals(await outcome(PROXY), der);
  assertEquals(await outcome(PROXY, "127.0.0.1", false), "client_cert_missing");
  assertEquals(await outcome(PROXY, "192.0.2.1"), "client_cert_door_closed");
  assertEquals(await outcome({ ...PROXY, header: null }), "client_cert_door_closed");
  assertEquals(await outcome(null), "client_cert_door_closed");
});
