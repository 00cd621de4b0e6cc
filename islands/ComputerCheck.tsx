import { useEffect, useState } from "preact/hooks";
import { openComputerKey } from "./computer_key.ts";
import { proveComputer } from "./computer_proof.ts";

interface Props {
  personId: string;
  /** Thumbprint of the computer that the session knows already, or null. */
  computer: string | null;
  /** For pages that show what a computer may do: they are loaded again once it is recognised. */
  reload?: boolean;
}

/**
 * After the login: a browser that holds a key of this person signs a challenge, without a click, and
 * the session knows its computer. A browser without one is left alone, and so is the person when it
 * fails: the next page tries again.
 */
export default function ComputerCheck({ personId, computer, reload = false }: Props) {
  const [recognised, setRecognised] = useState(false);

  useEffect(() => {
    if (computer) return;
    const recognise = async () => {
      const key = await openComputerKey(personId);
      if (!key || !(await proveComputer(key, "login")).ok) return;
      if (reload) location.reload();
      else setRecognised(true);
    };
    recognise().catch(() => {});
  }, []);

  // There before its text, or a screen reader does not read it out.
  return (
    <div role="status">
      {recognised && <p class="notice success">Este computador foi reconhecido.</p>}
    </div>
  );
}
