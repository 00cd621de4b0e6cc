import { benchCertificateLogin } from "./certificate_login.ts";
import { benchBot } from "./bot.ts";
import { benchHomePage } from "./home_page.ts";
import { benchRevocationList } from "./revocation_list.ts";
import { benchManyPeople, benchRoundTrips } from "./round_trips.ts";

console.log("# Home page, requests per second");
await benchHomePage();
console.log("\n# Pages: sequential KV round trips and bytes sent");
await benchRoundTrips();
console.log("\n# People of an operadora with 10,000: sequential KV round trips");
await benchManyPeople();
console.log("\n# A long revocation list");
await benchRevocationList();
console.log("\n# A login with a certificate, server time");
await benchCertificateLogin();
console.log("\n# Bot: round trips of a tap, decisions beside bare commits");
await benchBot();
