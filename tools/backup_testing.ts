/** Makes the daily backup with the permissions of a task that serves; run by `backup_test.ts`. */
import { readSettings } from "../core/config/mod.ts";
import { dailyBackup } from "../core/store/backup/daily.ts";
import { keys } from "../core/store/keys.ts";
import { openStore } from "../core/store/open.ts";
import { read } from "../core/store/read.ts";

const settings = readSettings("start");
using kv = await openStore(settings);
const place = { folder: settings.HABILITA_BACKUP_DIR!, key: settings.HABILITA_BACKUP_KEY };
const report = await dailyBackup({ kv, now: Date.now }, settings, place);
console.log(JSON.stringify({ report, failure: await read(kv, keys.backupFailure()) }));
