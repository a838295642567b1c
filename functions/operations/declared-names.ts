/** The names that a file declares, read before anything in it is known to be right, so that all is checked at once. */
import { defaultLevels } from './defaults.ts';

/** What is not of the right type is left out here: the schema names it. */
export type DeclaredNames = {
  responders: string[];
  schedules: Map<string, string[]>;
  services: string[];
  /** index 0 is level 1 */
  levels: string[][];
};

export function readDeclaredNames(input: unknown): DeclaredNames {
  const file = asRecord(input);
  const responders = Object.keys(asRecord(file.responders));
  const schedules = new Map(
    Object.entries(asRecord(file.schedules)).map(([name, list]) => [name, textsOf(list)]),
  );
  return {
    responders,
    schedules,
    services: Object.keys(asRecord(file.services)),
    levels: Array.isArray(file.levels)
      ? file.levels.map(textsOf)
      : defaultLevels(responders, [...schedules.keys()]),
  };
}

/** A record's entries, or none when it is anything else. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A lone name is meant as a list of it. */
function textsOf(list: unknown): string[] {
  if (typeof list === 'string') return [list];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}
