import type { Jobs } from "../outbox/job.ts";
import { mailRecoveryCodes } from "./recovery_code.ts";

/** Every kind of work that a commit leaves to be done after it (see `enqueueJob`). */
export const JOBS: Jobs = { recovery: mailRecoveryCodes };
