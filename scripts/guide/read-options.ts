/** The options of operations.ts as its types declare them, each with what its docstring says: the words of the guide. */

/** One key that a team may write. */
export type Option = {
  name: string;
  /** what follows the name on the way to its own options: `[]` for a list, `.NAME` or `.SEVERITY` for a record */
  within: string;
  required: boolean;
  meaning: string;
  /** what its `@default` says */
  byDefault: string | undefined;
  options: Option[];
};

type Member = Omit<Option, 'options'> & { type: string; members: Member[] };

const MEMBER = /^(?:readonly )?(\w+)(\??): (.*)$/;

/**
 * @param source  the text of the file with the types
 * @param root    the type of the whole file
 * @throws Error naming an option without a docstring
 */
export function readOptions(source: string, root: string): Option[] {
  const types = readTypes(source);
  const optionsOf = (members: readonly Member[]): Option[] =>
    members.map(({ type, members: inline, ...member }) => {
      if (member.meaning === '') throw new Error(`the option ${member.name} has no docstring`);
      const named = type.match(/\w+/g)?.find((word) => types.has(word));
      return { ...member, options: optionsOf(named === undefined ? inline : types.get(named)!) };
    });
  return optionsOf(types.get(root) ?? []);
}

/** Every exported object type, by its name. The files are formatted, so lines are enough to go by. */
function readTypes(source: string): Map<string, Member[]> {
  const types = new Map<string, Member[]>();
  let open: Member[][] = [];
  let doc: string[] = [];
  for (const line of source.split('\n').map((text) => text.trim())) {
    const name = /^export type (\w+)/.exec(line)?.[1];
    if (name !== undefined) {
      types.set(name, []);
      open = [];
    }
    if (/^\/?\*/.test(line)) {
      if (line.startsWith('/**')) doc = [];
      doc.push(line.replace(/^\/\*\*|^\*\/|^\*|\*\/$/g, '').trim());
      continue;
    }
    if (line.startsWith('}') || line.startsWith(')')) open.pop();
    const [, key, mark, type] = MEMBER.exec(line) ?? [];
    const members = open.at(-1);
    const member = key && members ? toMember(key, mark === '?', type!, doc) : undefined;
    if (member) addMember(members!, member);
    if (line.endsWith('{')) open.push(member?.members ?? members ?? [...types.values()].at(-1) ?? []);
    doc = [];
  }
  return types;
}

function toMember(name: string, optional: boolean, type: string, doc: readonly string[]): Member {
  const [meaning = '', byDefault] = doc.join(' ').split('@default');
  const within = /\[\];?$/.test(type) ? '[]' : type.includes('Record<') ? '.NAME' : '';
  return {
    name,
    type,
    within: type.includes(' in Severity]') ? '.SEVERITY' : within,
    required: !optional,
    meaning: meaning.trim(),
    byDefault: byDefault?.trim(),
    members: [],
  };
}

/** An option of two alternatives of a type has a docstring in each, and is only required where it is in both. */
function addMember(members: Member[], member: Member): void {
  const same = members.find(({ name }) => name === member.name);
  if (!same) {
    members.push(member);
    return;
  }
  same.meaning = [same.meaning, member.meaning].filter((text) => text !== '').join('; ');
  same.byDefault ??= member.byDefault;
  same.required &&= member.required;
}
