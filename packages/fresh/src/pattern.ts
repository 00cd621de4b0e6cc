/** A dynamic route's pattern as a regular expression; group i belongs to `names[i]`. */
export interface CompiledPattern {
  regexp: RegExp;
  names: string[];
}

const DYNAMIC = /[*:{}()?+]/;

/** Whether a pattern needs matching; all others are looked up as they stand. */
export function isDynamic(pattern: string): boolean {
  return DYNAMIC.test(pattern);
}

/**
 * Compiles the part of the URL Pattern syntax that file names can express: `/:name`, `/:name*`,
 * `/:name+`, `/:name?`, `/:name(expression)`, `*` and `{…}?`. As there, a modifier takes the slash
 * before the name with it (`/old/:path*` matches `/old`), and a name matches up to the next slash.
 *
 * @throws {SyntaxError} on an unclosed group or a missing name
 */
export function compilePattern(pattern: string): CompiledPattern {
  const names: string[] = [];
  let source = "";
  let at = 0;

  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const name = /^(\/?):([A-Za-z_$][\w$]*)(?:\(([^()]*)\))?([?*+]?)/.exec(rest);
    const star = /^(\/?)\*/.exec(rest);
    const group = /^\{([^{}:]*)(?::([A-Za-z_$][\w$]*)([^{}]*))?\}([?]?)/.exec(rest);
    if (name) {
      names.push(name[2]!);
      source += namedGroup(name[1]!, name[3] ?? "[^/]+?", name[4]!);
      at += name[0].length;
    } else if (star) {
      names.push(String(names.length));
      source += `${star[1]}(.*)`;
      at += star[0].length;
    } else if (group) {
      let inner = escape(group[1]!);
      if (group[2] !== undefined) {
        names.push(group[2]);
        inner += `([^/]+?)${escape(group[3]!)}`;
      }
      source += `(?:${inner})${group[4]}`;
      at += group[0].length;
    } else if (DYNAMIC.test(pattern[at]!)) {
      throw new SyntaxError(`Invalid route pattern "${pattern}" at position ${at}`);
    } else {
      source += escape(pattern[at]!);
      at++;
    }
  }
  return { regexp: new RegExp(`^${source}$`), names };
}

function namedGroup(slash: string, expression: string, modifier: string): string {
  if (modifier === "") return `${slash}(${expression})`;
  if (modifier === "?") return `(?:${slash}(${expression}))?`;
  const many = `${slash}((?:${expression})(?:${slash}(?:${expression}))*)`;
  return modifier === "+" ? many : `(?:${many})?`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
