export { insideForScripts as default } from "@/http/caller.ts";
