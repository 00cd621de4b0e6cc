export { inside as default } from "@/http/caller.ts";
