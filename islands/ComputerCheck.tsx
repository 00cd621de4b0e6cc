import { useEffect, useState } from "preact/hooks";
import { openComputerKey } from "./computer_key.ts";
import { postComputerProof, postJson } from "./computer_proof.ts";

interface Props {
  personId: string;
  /** Thumbprint of the computer that the session knows already, or null. */
  computer: string | null;
  /** For pages that show what a computer may do: they are loaded again when there is news. */
  reload?: boolean;
}

const FORGET = "/api/computador/esquecer";

/**
 * After the login: a browser that holds a key of this person signs a challenge, without a click, and
 * the session knows its computer. A browser without one is left alone, unless it had one when the
 * session began: then the session is told to forget it, so that the person can ask anew. When it
 * fails nothing is said: the next page tries again.
 */
export default function ComputerCheck({ personId, computer, reload = false }: Props) {
  const [recognised, setRecognised] = useState(false);

  useEffect(() => {
    const compare = async () => {
      const key = await openComputerKey(personId);
      if ((key?.thumbprint ?? null) === computer) return;
      const told = await (key ? postComputerProof(key, "login") : postJson(FORGET, {}));
      if (!told.ok) return;
      if (reload) location.reload();
      else setRecognised(key !== null);
    };
    compare().catch(() => {});
  }, []);

  // There before its text, or a screen reader does not read it out.
  return (
    <div role="status">
      {recognised && <p class="notice success">Este computador foi reconhecido.</p>}
    </div>
  );
}
