/** Compacts as each night, with the permissions of a task that serves; run by `store_compact_test.ts`. */
import { readSettings } from "../core/config/mod.ts";
import { compactNightly } from "../core/store/compact/mod.ts";
import { openStore } from "../core/store/open.ts";
import { probe } from "../core/store/probe.ts";

using kv = await openStore(readSettings("start").HABILITA_DATA);
await compactNightly({ kv, now: Date.now });
console.log(JSON.stringify(await probe({ kv }, { leastFree: Number.MAX_SAFE_INTEGER })));
