import type { Deps } from "../deps.ts";
import { cadop, cnes, type EditionKeys } from "../registry/edition.ts";
import { read } from "../store/read.ts";
import { ageText, DAY, type Finding, type Part } from "./part.ts";

/** Both are published about once a month. */
const OLD_EDITION = 60 * DAY;

/** How old the current edition of a registry is. @param task that imports one */
async function lookAtEdition(deps: Deps, registry: EditionKeys, task: string): Promise<Finding> {
  const edition = await read(deps.kv, registry.pointer);
  if (!edition) {
    return {
      state: "failing",
      text: "Nenhuma edição importada.",
      todo: `Importe uma com deno task ${task}.`,
    };
  }
  const age = deps.now() - edition.importedAt;
  const detail = `${edition.rows} linhas, importadas há ${ageText(age)}.`;
  if (age <= OLD_EDITION) return { state: "ok", text: "A edição é recente.", detail };
  return {
    state: "warning",
    since: edition.importedAt + OLD_EDITION,
    text: "A edição tem mais de 60 dias.",
    todo: `Importe a mais nova com deno task ${task}.`,
    detail,
  };
}

export const registryParts: readonly Part[] = [
  {
    id: "cadop",
    name: "Cadastro da ANS (CADOP)",
    look: (deps) => lookAtEdition(deps, cadop, "import:cadop"),
  },
  {
    id: "cnes",
    name: "Cadastro de estabelecimentos (CNES)",
    look: (deps) => lookAtEdition(deps, cnes, "import:cnes"),
  },
];
