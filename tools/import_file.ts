import { CommandRefused } from "./command.ts";

/** A file to be imported, which may be read more than once. */
export interface ImportFile {
  /** Bytes. */
  size: number;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/**
 * The file at `path`.
 * @throws {CommandRefused} when it cannot be read
 */
export async function findFile(path: string): Promise<ImportFile> {
  try {
    using file = await Deno.open(path);
    const { size, isDirectory } = await file.stat();
    if (isDirectory) {
      throw new CommandRefused(`${path} é uma pasta. Diga o arquivo que está dentro dela.`);
    }
    return { size, open: async () => (await Deno.open(path)).readable };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CommandRefused(`O arquivo ${path} não existe.`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new CommandRefused(`Sem permissão para ler ${path}.`);
    }
    throw error;
  }
}

/**
 * What an import did, below its title: a line for each count.
 * @param widths of the names and of the numbers, in characters
 */
export function countsBelow(
  title: string,
  counts: Readonly<Record<string, number>>,
  [names, numbers]: [number, number],
): string {
  const lines = Object.entries(counts)
    .map(([name, count]) => `  ${name.padEnd(names)}${String(count).padStart(numbers)}`);
  return [title, ...lines].join("\n");
}
