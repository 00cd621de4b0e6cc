export { deliveries, requestDuration, storeTrips } from "./metrics.ts";
export { describeError, type Level, log, logAsJson, type LogFields } from "./log.ts";
export {
  counted,
  currentRequest,
  outsideRequest,
  type RunningRequest,
  withinRequest,
} from "./request.ts";
