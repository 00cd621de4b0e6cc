import { assertEquals } from "@std/assert";
import { describeAgent } from "./sessions.tsx";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

Deno.test("a browser in words", () => {
  const agents: [string, string][] = [
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/126.0 Safari/537.36`,
      "Chrome no Windows",
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0`,
      "Edge no Windows",
    ],
    [`Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0`, "Firefox no Linux"],
    [
      `Mozilla/5.0 (Linux; Android 14) ${WEBKIT} Chrome/126.0 Mobile Safari/537.36`,
      "Chrome no Android",
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${WEBKIT} Version/17.5 Safari/604.1`,
      "Safari no iOS",
    ],
    ["curl/8", "Navegador desconhecido"],
    ["", "Navegador desconhecido"],
  ];
  for (const [agent, words] of agents) assertEquals(describeAgent(agent), words);
});
