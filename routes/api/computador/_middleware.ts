export { insideForScripts as default } from "@/http/scripts.ts";
