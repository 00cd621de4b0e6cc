import { assertEquals } from "@std/assert";
import { openPki } from "../../tools/pki/mod.ts";
import { trustingPortal } from "@/tests/fixtures/pki.ts";
import { describeTrust, EXPIRY_WARNING } from "./trust.ts";

Deno.test("the state of the trust store: pinned roots first, and what ends soon", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using deps = await trustingPortal(await openPki(folder));
    const state = await describeTrust(deps);
    assertEquals(state.authorities.map(({ anchor }) => anchor), [true, false, false]);
    assertEquals(state.expiring, []);
    assertEquals(state.newest, deps.now());

    const end = Math.min(...state.authorities.map(({ notAfter }) => notAfter));
    const later = { ...deps, now: () => end - EXPIRY_WARNING + 1 };
    assertEquals((await describeTrust(later)).expiring.length, 3);
    const before = { ...deps, now: () => end - EXPIRY_WARNING };
    assertEquals((await describeTrust(before)).expiring.length, 0);
    assertEquals(
      (await describeTrust({ ...deps, config: { anchors: [] } })).authorities[0]!.anchor,
      false,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
