import { join } from "@std/path";
import { FILE_NAME, partsOf } from "./file.ts";

/**
 * Makes the folder and the file so that only this user of the machine can read them: 0700 and 0600, also
 * those that are there already. SQLite gives the log and its index the rights of the file.
 * A folder that holds other things too is left as it is: the file in it is closed all the same.
 *
 * @returns the path of the file
 */
export async function makePrivate(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE_NAME);
  await createEmpty(path);
  for (const part of partsOf(path)) await restrict(part, 0o600);
  if (await isOnlyOurs(folder)) await restrict(folder, 0o700);
  return path;
}

/** With the rights from the beginning: there is no moment in which others can open it. */
async function createEmpty(path: string): Promise<void> {
  try {
    (await Deno.open(path, { createNew: true, write: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

async function isOnlyOurs(folder: string): Promise<boolean> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(FILE_NAME)) return false;
  }
  return true;
}

/** Takes away what others may do; where it is another user's, it is theirs to decide. */
async function restrict(path: string, mode: number): Promise<void> {
  try {
    const { mode: now } = await Deno.stat(path);
    if (now !== null && (now & 0o777 & ~mode) !== 0) await Deno.chmod(path, mode);
  } catch (error) {
    const known = [Deno.errors.NotFound, Deno.errors.PermissionDenied, Deno.errors.NotCapable];
    if (!known.some((kind) => error instanceof kind)) throw error;
  }
}
