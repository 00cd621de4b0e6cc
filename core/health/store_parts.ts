import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { probe } from "../store/probe.ts";
import { read, readMany } from "../store/read.ts";
import { ageText, type Finding, HOUR, type Part } from "./part.ts";
import { shareForASecond } from "./share.ts";

/** Whether the store takes changes; asked at most once a second, however many want to know. */
export const probeStore = shareForASecond((deps: Deps) => probe(deps));

async function lookAtStore(deps: Deps): Promise<Finding> {
  const found = await probeStore(deps);
  if (found.ok) return { state: "ok", text: "Grava e lê." };
  return {
    state: "failing",
    text: "O portal não consegue gravar.",
    todo: "Confira o disco e a pasta de HABILITA_DATA (ou o banco de HABILITA_KV) e que outro " +
      "programa não bloqueia o banco.",
    detail: found.text,
  };
}

async function lookAtMaintenance(deps: Deps): Promise<Finding> {
  const flag = await read(deps.kv, keys.maintenance());
  if (!flag) return { state: "ok", text: "Desligada." };
  return {
    state: "warning",
    since: flag.since,
    text: "Ligada: o portal mostra as páginas e não aceita mudanças.",
    todo: "Quando terminar, desligue com deno task maintenance off.",
  };
}

/** One is made each day; this leaves room for one that failed. */
const OLD_BACKUP = 36 * HOUR;

const FIRST_BACKUP = "Defina HABILITA_BACKUP_DIR, para que o portal faça uma por dia, ou use " +
  "deno task backup.";

async function lookAtBackup(deps: Deps): Promise<Finding> {
  const [last, failure, identity] = await readMany(deps.kv, [
    keys.backup(),
    keys.backupFailure(),
    keys.storeIdentity(),
  ]);
  const age = last ? `Última cópia há ${ageText(deps.now() - last.at)}.` : "Nenhuma cópia ainda.";
  const todo = "Confira a pasta de HABILITA_BACKUP_DIR e faça uma cópia com deno task backup.";
  if (failure) {
    const text = "A última cópia não foi feita.";
    const detail = `Motivo: ${failure.reason} ${age}`;
    return { state: "failing", since: failure.since, text, todo, detail };
  }
  if (!last) {
    const since = (identity?.createdAt ?? deps.now()) + OLD_BACKUP;
    const text = "Nenhuma cópia de segurança foi feita até agora.";
    if (deps.now() <= since) return { state: "ok", text };
    return { state: "warning", since, text, todo: FIRST_BACKUP, detail: age };
  }
  if (deps.now() - last.at <= OLD_BACKUP) {
    return { state: "ok", text: "A última cópia é recente.", detail: age };
  }
  const since = last.at + OLD_BACKUP;
  return { state: "warning", since, text: "A última cópia está velha.", todo, detail: age };
}

export const storeParts: readonly Part[] = [
  { id: "store", name: "Banco de dados", look: lookAtStore },
  { id: "maintenance", name: "Manutenção", look: lookAtMaintenance },
  { id: "backup", name: "Cópia de segurança", look: lookAtBackup },
];
