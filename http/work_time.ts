/**
 * The time that a request is worked on. It does not go on while the body is waited for: who sends slowly
 * takes no room from the others, and has a time limit of its own (`http/body.ts`).
 */
export interface WorkTime {
  pause(): void;
  resume(): void;
}

const times = new WeakMap<Request, WorkTime>();

export function setWorkTime(request: Request, time: WorkTime): void {
  times.set(request, time);
}

/** Of a request that came through `limits`; undefined of one that a test made. */
export function workTimeOf(request: Request): WorkTime | undefined {
  return times.get(request);
}
