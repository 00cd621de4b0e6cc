/** What a run of a command said. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder for the store and the files, and a command of the tools that is run with it. */
export interface ImportFolder {
  path: string;
  /** Runs the command in a process of its own, with the permissions of its task. */
  run(...args: string[]): Promise<Outcome>;
}

export async function withImportFolder(
  script: string,
  test: (folder: ImportFolder) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--unstable-kv",
        "--allow-env=HABILITA_DATA,HABILITA_KV,DENO_DEPLOYMENT_ID",
        "--allow-read",
        `--allow-write=${path}`,
        `${import.meta.dirname}/${script}`,
        ...args,
      ],
      env: { HABILITA_DATA: `${path}/data` },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  };
  try {
    await test({ path, run });
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
