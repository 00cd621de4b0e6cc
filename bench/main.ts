import { benchHomePage } from "./home_page.ts";
import { benchRoundTrips } from "./round_trips.ts";

console.log("# Home page, requests per second");
await benchHomePage();
console.log("\n# Pages: sequential KV round trips and bytes sent");
await benchRoundTrips();
