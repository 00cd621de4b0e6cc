import { Refused } from "./command.ts";

/** A file to be imported, which may be read more than once. */
export interface ImportFile {
  /** Bytes. */
  size: number;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/**
 * The file at `path`.
 * @throws {Refused} when it cannot be read
 */
export async function findFile(path: string): Promise<ImportFile> {
  try {
    using file = await Deno.open(path);
    const { size, isDirectory } = await file.stat();
    if (isDirectory) throw new Refused(`${path} é uma pasta. Diga o arquivo que está dentro dela.`);
    return { size, open: async () => (await Deno.open(path)).readable };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Refused(`O arquivo ${path} não existe.`);
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new Refused(`Sem permissão para ler ${path}.`);
    }
    throw error;
  }
}
