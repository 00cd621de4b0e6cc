import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { ConfigError } from "../core/config/mod.ts";
import { BackupRefused } from "../core/store/backup/messages.ts";
import { MaintenanceError } from "../core/store/transact.ts";
import { StoreUnavailable } from "../core/store/unavailable.ts";

/** The command was called wrongly: the message, if any, is shown with the help; exit code 2. */
export class WrongUse extends Error {}

/** What was asked cannot be done: the message (Portuguese) is shown alone. */
export class CommandRefused extends Error {
  constructor(message: string, readonly code: number = 1) {
    super(message);
  }
}

const HELP = { help: { type: "boolean", short: "h" } } as const;

type Read<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: O }>
>;

export interface Command<O extends ParseArgsOptionsConfig> {
  /** Shown for `--help` and after wrong use (Portuguese). */
  help: string;
  /** As `node:util` `parseArgs` takes them; `--help` is added. */
  options?: O;
  /**
   * @returns the exit code
   * @throws {WrongUse} and what is in `SHOWN_ALONE`, whose message is shown without a stack
   */
  run(positionals: string[], values: Read<O>["values"]): Promise<number> | number;
}

/**
 * Runs a command with the arguments of this process, and ends the process with its exit code:
 * 0 done, 1 refused or not configured, 2 wrong use, or what the command answers.
 *
 * @example if (import.meta.main) await runCommand({ help: HELP, run: ([path]) => show(path) });
 */
export async function runCommand<const O extends ParseArgsOptionsConfig>(
  command: Command<O>,
): Promise<never> {
  Deno.exit(await exitCodeOf(command, Deno.args));
}

/** Errors whose message (Portuguese) is all that is to be said. */
const SHOWN_ALONE = [
  CommandRefused,
  ConfigError,
  BackupRefused,
  MaintenanceError,
  StoreUnavailable,
];

async function exitCodeOf<const O extends ParseArgsOptionsConfig>(
  { help, options, run }: Command<O>,
  args: string[],
): Promise<number> {
  try {
    const { positionals, values } = readArguments(args, options);
    if ((values as { help?: boolean }).help) {
      console.log(help);
      return 0;
    }
    return await run(positionals, values);
  } catch (error) {
    if (error instanceof WrongUse) {
      console.error(error.message ? `${error.message}\n\n${help}` : help);
      return 2;
    }
    if (!SHOWN_ALONE.some((kind) => error instanceof kind)) throw error;
    console.error((error as Error).message);
    return error instanceof CommandRefused ? error.code : 1;
  }
}

function readArguments<const O extends ParseArgsOptionsConfig>(
  args: string[],
  options?: O,
): Read<O> {
  try {
    const all = { ...options, ...HELP };
    return parseArgs({ args, allowPositionals: true, options: all }) as unknown as Read<O>;
  } catch (error) {
    if (error instanceof TypeError) throw new WrongUse(`Opção não entendida: ${error.message}`);
    throw error;
  }
}

/**
 * The one argument of a command.
 * @throws {WrongUse} with `missing` (Portuguese) when there is none, or more
 */
export function onlyOne(positionals: readonly string[], missing: string): string {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new WrongUse(missing);
  return path;
}
