import { assert, assertEquals } from "@std/assert";
import { DEFAULT_CRL } from "../../config/mod.ts";
import { fetchCrl } from "./fetch.ts";
import { isAllowedHost, isPublicAddress } from "./fetch.ts";

const LIST = new Uint8Array([0x30, 0x03, 1, 2, 3]);

interface Hits {
  paths: string[];
  hosts: (string | null)[];
}

/** A server that `crl.example` stands for, and what it was asked. */
async function serve(
  handler: (request: Request) => Response | Promise<Response>,
  run: (
    fetch: (url?: string, config?: Partial<typeof DEFAULT_CRL>) => Promise<string | Uint8Array>,
    hits: Hits,
  ) => Promise<void>,
) {
  const hits: Hits = { paths: [], hosts: [] };
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (r) => {
    hits.paths.push(new URL(r.url).pathname);
    hits.hosts.push(r.headers.get("host"));
    return handler(r);
  });
  const { port } = server.addr;
  await run(async (url = "http://crl.example/ac.crl", more = {}) => {
    const outcome = await fetchCrl({ ...CONFIG(port), ...more }, url);
    return outcome.ok ? outcome.data : outcome.code;
  }, hits);
}

const CONFIG = (port: number) => ({
  ...DEFAULT_CRL,
  hosts: ["crl.example", "localhost", "127.0.0.1", "[::1]", "nowhere.invalid"],
  maxBytes: 10_000,
  standIns: { "crl.example": { address: "127.0.0.1", port } },
});

/** A server that speaks no HTTP of its own accord: sends `text` and what `after` does. */
async function serveRaw(
  text: string,
  after: (connection: Deno.TcpConn) => void,
  run: (config: ReturnType<typeof CONFIG>) => Promise<void>,
) {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const open: Deno.TcpConn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      open.push(connection);
      await connection.read(new Uint8Array(1_024));
      await connection.write(new TextEncoder().encode(text));
      after(connection);
    }
  })();
  try {
    await run(CONFIG(listener.addr.port));
  } finally {
    for (const connection of open) {
      try {
        connection.close();
      } catch { /* closed by the test */ }
    }
    listener.close();
    await accepting;
  }
}

const codeOf = async (config: typeof DEFAULT_CRL, url = "http://crl.example/ac.crl") => {
  const outcome = await fetchCrl(config, url);
  return outcome.ok ? "ok" : outcome.code;
};

Deno.test("a list is fetched under the name that the certificate gives", () =>
  serve(() => new Response(LIST), async (fetch, hits) => {
    assertEquals(await fetch("http://crl.example/lcr/ac.crl?x=1"), LIST);
    assertEquals(hits, { paths: ["/lcr/ac.crl"], hosts: ["crl.example"] });
  }));

Deno.test("hosts not on the list, other ports, schemes and passwords are not even asked", () =>
  serve(() => new Response(LIST), async (fetch, hits) => {
    for (
      const url of [
        "http://crl.example.evil.example/ac.crl",
        "http://evilcrl.example/ac.crl",
        "http://crl.example:8080/ac.crl",
        "http://crl.example:22/ac.crl",
        "http://user:password@crl.example/ac.crl",
        "http://crl.example@evil.example/ac.crl",
        "ldap://crl.example/ac.crl",
        "ftp://crl.example/ac.crl",
        "file:///etc/passwd",
      ]
    ) assertEquals(await fetch(url), "crl_host_not_allowed");
    assertEquals(hits.paths, []);
  }));

Deno.test("a name or number that leads into a private network is not connected to", () =>
  serve(() => new Response(LIST), async (fetch, hits) => {
    for (const host of ["localhost", "127.0.0.1", "0x7f.1", "2130706433", "[::1]"]) {
      assertEquals(await fetch(`http://${host}/ac.crl`, { standIns: {} }), "crl_private_address");
    }
    assertEquals(hits.paths, []);
  }));

Deno.test("addresses of the open network are told from all others", () => {
  for (const address of ["200.160.2.3", "8.8.8.8", "172.32.0.1", "2001:12ff::1", "2a00::1"]) {
    assertEquals([address, isPublicAddress(address)], [address, true]);
  }
  for (
    const address of [
      ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.53", "169.254.169.254", "172.16.0.1"],
      ...["172.31.255.255", "192.168.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"],
      ...["::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1"],
      ...["::ffff:200.160.2.3", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:1::", "", "localhost"],
    ]
  ) assertEquals([address, isPublicAddress(address)], [address, false]);
});

Deno.test("a domain stands for itself and what is below it", () => {
  const domains = ["certisign.com.br"];
  for (const host of ["certisign.com.br", "ICP-Brasil.Certisign.com.br"]) {
    assertEquals(isAllowedHost(host, domains), true);
  }
  for (const host of ["xcertisign.com.br", "certisign.com.br.example", "com.br", ""]) {
    assertEquals(isAllowedHost(host, domains), false);
  }
});

Deno.test("a redirect is followed only at the same host, and not for ever", () =>
  serve((request) => {
    const { pathname } = new URL(request.url);
    const to: Record<string, string> = {
      "/old": "/new",
      "/elsewhere": "http://evil.example/ac.crl",
      "/inside": "http://127.0.0.1/ac.crl",
      "/port": "http://crl.example:22/ac.crl",
      "/loop": "/loop",
    };
    const location = to[pathname];
    return location
      ? new Response("x", { status: 302, headers: { location } })
      : new Response(LIST);
  }, async (fetch, hits) => {
    const at = (path: string) => fetch(`http://crl.example${path}`);
    assertEquals(await at("/old"), LIST);
    assertEquals(await at("/elsewhere"), "crl_redirected");
    assertEquals(await at("/inside"), "crl_redirected");
    assertEquals(await at("/port"), "crl_host_not_allowed");
    hits.paths.length = 0;
    assertEquals(await at("/loop"), "crl_redirected");
    assertEquals(hits.paths.length, 4);
  }));

Deno.test("an answer that is an error is no list", async () => {
  for (const status of [204, 206, 304, 403, 404, 500, 503]) {
    const body = [204, 304].includes(status) ? null : LIST;
    await serve(() => new Response(body, { status }), async (fetch) => {
      assertEquals(await fetch(), "crl_not_served");
    });
  }
});

Deno.test("a list that is too large is refused, announced or not, and not read to its end", async () => {
  let sent = 0;
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        sent += 5_000;
        controller.enqueue(new Uint8Array(5_000));
      },
    });
  await serve(() => new Response(endless()), async (fetch) => {
    assertEquals(await fetch(), "crl_too_large");
  });
  assert(sent < 5_000_000);
  await serve(() => new Response(new Uint8Array(10_001)), async (fetch) => {
    assertEquals(await fetch(), "crl_too_large");
  });
  const announced = "HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n";
  await serveRaw(announced, () => {}, async (config) => {
    assertEquals(await codeOf(config), "crl_too_large");
  });
  await serve(() => new Response(new Uint8Array(10_000)), async (fetch) => {
    assertEquals((await fetch()).length, 10_000);
  });
});

const HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";

Deno.test("a server that stops answering is given up: before, in and after the head", async () => {
  for (const text of ["", "HTTP/1.1 200 OK\r\nCont", HEAD, `${HEAD}abc`]) {
    await serveRaw(text, () => {}, async (config) => {
      assertEquals(await codeOf({ ...config, timeoutMs: 100 }), "crl_unreachable");
    });
  }
});

Deno.test("a server that breaks off is no server", async () => {
  for (const text of ["", "HTTP/1.1 200 OK\r\nCont", HEAD, `${HEAD}abc`, "SSH-2.0-none\r\n"]) {
    await serveRaw(text, (connection) => connection.close(), async (config) => {
      assertEquals(await codeOf(config), "crl_unreachable");
    });
  }
});

Deno.test("nobody at the address, or no such name", async () => {
  const free = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = free.addr;
  free.close();
  assertEquals(await codeOf(CONFIG(port)), "crl_unreachable");
  assertEquals(await codeOf(CONFIG(port), "http://nowhere.invalid/ac.crl"), "crl_unreachable");
  // Speaks TLS to a server that does not.
  await serve(() => new Response(LIST), async (fetch) => {
    assertEquals(await fetch("https://crl.example/ac.crl"), "crl_unreachable");
  });
});
