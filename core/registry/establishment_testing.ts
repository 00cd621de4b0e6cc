import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import { cnes as registry } from "./edition.ts";
import { type Establishment, establishmentEntries, getEstablishment } from "./establishment.ts";

/**
 * Puts one establishment into the current edition of the CNES (into a first one when there is none),
 * bound as if a representative had done it when the operadora is not its own CNPJ.
 */
export async function putEstablishment(
  deps: Pick<Deps, "kv">,
  { operadora, ...row }: Establishment,
): Promise<void> {
  const { cnes } = row;
  await transact(deps.kv, async (tx) => {
    const current = await tx.get(registry.pointer);
    const edition = current ?? { id: "test", rows: 0, importedAt: 0 };
    const [before, binding] = await tx.getMany([
      keys.establishment(edition.id, cnes),
      keys.establishmentBinding(cnes),
    ]);
    for (const { key } of before ? establishmentEntries(edition.id, before) : []) tx.delete(key);
    for (const { key, value } of establishmentEntries(edition.id, row)) tx.set(key, value);
    if (binding) {
      tx.delete(keys.establishmentBinding(cnes));
      tx.delete(keys.establishmentByBinding(binding, cnes));
    }
    if (operadora && operadora !== row.cnpj) {
      tx.set(keys.establishmentBinding(cnes), operadora);
      tx.set(keys.establishmentByBinding(operadora, cnes), true);
    }
    const rows = edition.rows + (before ? 0 : 1);
    tx.set(registry.pointer, { ...edition, rows });
  });
  // A test that is not about bindings would look for its mistake in the wrong place.
  const stored = await getEstablishment(deps, cnes);
  if (stored?.operadora !== operadora) throw new Error(`${operadora} is not in CADOP`);
}
