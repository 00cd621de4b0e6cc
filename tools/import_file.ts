/** A file to be imported, which may be read more than once. */
export interface ImportFile {
  /** Bytes. */
  size: number;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/** The file at `path`, or what to tell who asked for it when it cannot be read. */
export async function findFile(path: string): Promise<ImportFile | string> {
  try {
    using file = await Deno.open(path);
    const { size, isDirectory } = await file.stat();
    if (isDirectory) return `${path} é uma pasta. Diga o arquivo que está dentro dela.`;
    return { size, open: async () => (await Deno.open(path)).readable };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `O arquivo ${path} não existe.`;
    if (error instanceof Deno.errors.PermissionDenied) return `Sem permissão para ler ${path}.`;
    throw error;
  }
}
