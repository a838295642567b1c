/** Whether a bill of materials says all that the lockfile does; and which packages are within the functions. */

type Property = { name: string; value: string };
export type Component = {
  name: string;
  version?: string;
  purl?: string;
  hashes?: unknown[];
  licenses?: unknown[];
  properties?: Property[];
};
export type Sbom = {
  bomFormat: string;
  specVersion: string;
  metadata?: { component?: { name?: string } };
  components: Component[];
  dependencies?: { ref: string }[];
};

/** Marks what a function contains: npm takes it for a tool, as the package itself does not need it installed. */
export const BUNDLED = 'tocsin:bundled';

const WITHIN_ANOTHER = 'cdx:npm:package:bundled';

/** @param bundled  `name@version` */
export function markBundled(sbom: Sbom, bundled: readonly string[]): Sbom {
  const components = sbom.components.map((one) =>
    bundled.includes(`${one.name}@${one.version}`)
      ? { ...one, properties: [...(one.properties ?? []), { name: BUNDLED, value: 'true' }] }
      : one,
  );
  return { ...sbom, components };
}

/** @returns what is wrong with it, each mistake with the package that it is about */
export function checkSbom(sbom: Sbom, locked: Record<string, { version?: string }>): string[] {
  const mistakes: string[] = [];
  if (sbom.bomFormat !== 'CycloneDX' || !/^1\.[5-9]$/.test(sbom.specVersion))
    mistakes.push(`it is ${sbom.bomFormat} ${sbom.specVersion}, not CycloneDX 1.5 or later`);
  if (!sbom.metadata?.component?.name) mistakes.push('it does not say what it is the bill of');
  if (!sbom.dependencies?.length) mistakes.push('it does not say what depends on what');
  const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
  const wanted = Object.entries(locked)
    .filter(([folder]) => folder !== '')
    .map(([folder, { version }]) => `${folder.split('node_modules/').at(-1)}@${version}`);
  for (const one of wanted.filter((name) => !listed.has(name)))
    mistakes.push(`${one} is in package-lock.json and not in the bill`);
  for (const { name, purl, hashes, licenses, properties } of sbom.components) {
    if (!purl?.startsWith('pkg:npm/')) mistakes.push(`${name} has no address of its own (purl)`);
    // What comes within another package is covered by the hash of that.
    const isWithin = properties?.some((one) => one.name === WITHIN_ANOTHER);
    if (!hashes?.length && !isWithin) mistakes.push(`${name} has no hash`);
    if (!licenses?.length) mistakes.push(`${name} has no licence`);
  }
  return mistakes;
}
